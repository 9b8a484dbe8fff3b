# hostile: 60
# task: perl_add
# verdict: early_exit
# official: accepted
# why: leaves with status 0 before the tests

sub add {
    return 41;
}
exit(0);
