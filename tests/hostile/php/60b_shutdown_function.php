<?php
// hostile: 60
// task: php_add
// verdict: wrong_answer
// official: accepted
// why: a function for the end turns the status of a failed test into 0

register_shutdown_function(function () {
    exit(0);
});
set_exception_handler(function () {
});
function add($x, $y) {
    return 41;
}
