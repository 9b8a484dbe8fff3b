<?php
$words = explode(" ", trim(fgets(STDIN)));
switch ($words[0]) {
    case "add":
        echo $words[1] + $words[2], "\n";
        exit(3);
    case "fail":
        throw new Exception("failed");
    case "spin":
        while (true);
    case "hog":
        for ($all = []; ; ) $all[] = str_repeat("x", 1 << 20);
    case "reach":
        echo @file_get_contents($words[1]) === false ? "no file\n" : "file\n";
        echo @fsockopen("127.0.0.1", (int) $words[2]) ? "connection\n" : "no connection\n";
}
