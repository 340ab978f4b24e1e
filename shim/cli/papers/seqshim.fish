# Completion of seqshim's command line for fish.

set -g __seqshim_subcommands run compare profile doctor report

# Whether the value of an option is the next word.
function __seqshim_has_value --argument-names subcommand option
    switch "$subcommand $option"
        case 'doctor --json'
            return 1
        case '* -'{m,r,n,w,p,o} '* --'{match,read,cluster,depth,memory,engine,guard,idle,rate} \
            '* --'{log,config,rounds,warmup,prepare,input,output,json,plot,folded,by,every,top,html}
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

function __seqshim_takes_path
    __seqshim_in doctor report; and not string match -q -- '-*' (commandline -ct)
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
complete -c seqshim -n __seqshim_at_first_word -a compare -d 'Tell what that gains'
complete -c seqshim -n __seqshim_at_first_word -a profile -d 'Tell how a command writes, and from where'
complete -c seqshim -n __seqshim_at_first_word -a doctor -d 'Tell what would happen to a file'
complete -c seqshim -n __seqshim_at_first_word -a report -d 'Show saved reports'
complete -c seqshim -n __seqshim_takes_command -a '(__seqshim_command)'
complete -c seqshim -n __seqshim_takes_path -a '(__fish_complete_path (commandline -ct))'

set -l all "__seqshim_in $__seqshim_subcommands"
complete -c seqshim -n $all -s h -l help -d 'Print a help text'
complete -c seqshim -n $all -l version -d 'Print the version'

set -l settings '__seqshim_in run compare'
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
complete -c seqshim -n $settings -l sync -d 'Have files on their disks when they are closed'

set -l run '__seqshim_in run'
complete -c seqshim -n $run -l report -d 'Report what was done at the end'
complete -c seqshim -n $run -l log -r -F -d 'Append a line for each rare event'
complete -c seqshim -n $run -l config -r -F -d 'Take options from a file'
complete -c seqshim -n $run -l progress -d 'Draw a line while it runs'
complete -c seqshim -n $run -s v -l verbose -d 'Say in one line what was written'
complete -c seqshim -n $run -l dry-run -d 'Print what would be run'

set -l compare '__seqshim_in compare'
complete -c seqshim -n $compare -s n -l rounds -x -d 'Runs of each kind'
complete -c seqshim -n $compare -s w -l warmup -x -d 'Rounds before those'
complete -c seqshim -n $compare -s p -l prepare -x -a '(complete -C (commandline -ct))' -d 'Run by sh before each run'
complete -c seqshim -n $compare -l input -r -F -d 'What the command reads'
complete -c seqshim -n $compare -l output -r -F -d 'Where its output goes'
complete -c seqshim -n $compare -l show-output -d 'Let it write to the terminal'
complete -c seqshim -n $compare -s i -l ignore-failure -d 'Go on when it fails'
complete -c seqshim -n $compare -l check -d 'Tell if what is written differs'
complete -c seqshim -n $compare -l no-check -d 'Do not look whether it differs'
complete -c seqshim -n $compare -l json -r -F -d 'Write all that was measured'
complete -c seqshim -n $compare -l plot -r -F -d 'Draw it'

set -l profile '__seqshim_in profile'
complete -c seqshim -n $profile -s m -l match -r -F -d 'Files to watch'
complete -c seqshim -n $profile -s o -l output -r -F -d 'Write there, not to standard error'
complete -c seqshim -n $profile -l json -r -F -d 'Write all that is known'
complete -c seqshim -n $profile -l folded -r -F -d 'Write stacks for flame graphs'
complete -c seqshim -n $profile -l by -x -a 'bytes calls time' -d 'What sites are ranked by'
complete -c seqshim -n $profile -l every -x -d 'Look at the site of one call in so many'
complete -c seqshim -n $profile -l top -x -d 'List so many files and sites'

complete -c seqshim -n '__seqshim_in doctor' -s m -l match -r -F -d 'Tell whether the path matches'
complete -c seqshim -n '__seqshim_in doctor' -l json -d 'Print JSON'

complete -c seqshim -n '__seqshim_in report' -l html -r -F -d 'Write a page'
