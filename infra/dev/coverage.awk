# Counts the lines of an lcov report: those of tests, which end some files, are left out, and so is what is compiled for
# tests alone. Prints a line a file and one for the crate, and fails below `at_least` per cent.

/^SF:/ {
    file = substr($0, 4)
    lines = reached = tests = number = 0
    while ((getline text < file) > 0) {
        number++
        if (!tests && text ~ /^#\[cfg\(test\)\]/) tests = number
    }
    close(file)
    name = substr(file, length(folder) + 1)
}

/^DA:/ {
    split(substr($0, 4), at, ",")
    if (name == "testing.rs" || (tests && at[1] + 0 >= tests)) next
    lines++
    if (at[2] > 0) reached++
}

/^end_of_record/ && lines {
    printf "  %5.1f %%  %4d of %4d  %s/%s\n", 100 * reached / lines, reached, lines, crate, name
    all_lines += lines
    all_reached += reached
}

END {
    if (!all_lines) { print crate ": no line was counted"; exit 1 }
    share = 100 * all_reached / all_lines
    printf "%s: %.1f %% of %d lines are reached by its tests (at least %d %%)\n", crate, share, all_lines, at_least
    exit share < at_least
}
