# Completion of seqshim's command line for fish.

set -g __seqshim_subcommands run

# Whether the value of an option is the next word.
function __seqshim_has_value --argument-names subcommand option
    switch "$subcommand $option"
        case '* -'{m,r} '* --'{match,read,cluster,depth,memory,engine,guard,idle,rate,log}
            return 0
    end
    return 1
end

# Of the line up to the cursor: the subcommand, and the number of the word where the command begins
# that it runs, 0 if that is still to come.
function __seqshim_place
    set -l words (commandline -opc)
    set -l subcommand run
    set -l i 2
    if test (count $words) -gt 1; and contains -- $words[2] $__seqshim_subcommands
        set subcommand $words[2]
        set i 3
    end
    while test $i -le (count $words)
        switch $words[$i]
            case --
                if test $subcommand != report
                    echo $subcommand
                    math $i + 1
                    return
                end
            case '--*=*'
            case '-*'
                if __seqshim_has_value $subcommand $words[$i]
                    set i (math $i + 1)
                end
            case '*'
                if not contains $subcommand doctor report
                    echo $subcommand
                    echo $i
                    return
                end
        end
        set i (math $i + 1)
    end
    echo $subcommand
    echo 0
end

# Whether options of one of these subcommands may stand here.
function __seqshim_in
    set -l place (__seqshim_place)
    test $place[2] = 0; and contains $place[1] $argv
end

function __seqshim_at_first_word
    test (count (commandline -opc)) = 1
end

function __seqshim_takes_command
    set -l place (__seqshim_place)
    test $place[2] != 0; or not contains $place[1] doctor report
end

# The command completes its own words.
function __seqshim_command
    set -l place (__seqshim_place)
    set -l words (commandline -opc)
    set -l line
    if test $place[2] != 0; and test $place[2] -le (count $words)
        set line (string escape -- $words[$place[2]..-1])
    end
    set line (string join ' ' -- $line (commandline -ct))
    string match -q -- '-*' $line; or complete -C "$line"
end

complete -c seqshim -f
complete -c seqshim -n __seqshim_at_first_word -a run -d 'Run a command whose files go past the page cache'
complete -c seqshim -n __seqshim_takes_command -a '(__seqshim_command)'

set -l all "__seqshim_in $__seqshim_subcommands"
complete -c seqshim -n $all -s h -l help -d 'Print a help text'
complete -c seqshim -n $all -l version -d 'Print the version'

set -l settings '__seqshim_in run'
complete -c seqshim -n $settings -s m -l match -r -F -d 'Files to manage'
complete -c seqshim -n $settings -s r -l read -r -F -d 'Files to read without leaving them in the page cache'
complete -c seqshim -n $settings -l cluster -x -d 'Size of a piece'
complete -c seqshim -n $settings -l depth -x -d 'Pieces in flight per file'
complete -c seqshim -n $settings -l memory -x -d 'Memory for all files'
complete -c seqshim -n $settings -l engine -x -a 'auto thread sync' -d 'Who writes'
complete -c seqshim -n $settings -l append -d 'Files opened to append have no other writer'
complete -c seqshim -n $settings -l guard -x -a 'on off' -d 'Keep what a killed program wrote'
complete -c seqshim -n $settings -l idle -x -d 'Write what has rested so many milliseconds'
complete -c seqshim -n $settings -l rate -x -d 'Bytes a second at most'

set -l run '__seqshim_in run'
complete -c seqshim -n $run -l report -d 'Report what was done at the end'
complete -c seqshim -n $run -l log -r -F -d 'Append a line for each rare event'
