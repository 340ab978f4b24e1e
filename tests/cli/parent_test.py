#!/usr/bin/env python3
"""The command as the parent of its program: exit codes, signals, job control, orphans.

    parent_test.py BUILD_DIR [--progress] [TEST...]

Silence is success. What a program sees is compared with what it sees when run alone.
"""

import ctypes
import faulthandler
import os
import pty
import resource
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_GET_CHILD_SUBREAPER = 1, 37
SEQSHIM = []  # the command and its options

# Says what signals it gets, one line each, "ready" first; ends at TERM.
LISTENER = r"""
import os, signal
numbers = [1, 2, 3, 10, 15, 18, 20, 28]
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
os.write(1, b"ready %d\n" % os.getpid())
while (number := signal.sigwait(numbers)) != 15: os.write(1, b"%d\n" % number)
os.write(1, b"end\n")
"""
# The same, but stops as most programs do.
PLAIN_LISTENER = LISTENER.replace("18, 20, ", "")

# Dies of whatever kills. A shell that has just started a process would not do.
MORTAL = """
import os, signal
signal.signal(2, signal.SIG_DFL)
os.write(1, b"ready\\n")
signal.pause()
"""


def shim(*command):
    return SEQSHIM + list(command)


def python(text):
    return [sys.executable, "-c", text]


def until(condition):
    """Waits for what must come; the test's own limit ends a wait in vain."""
    while not condition():
        time.sleep(0.005)


def state(process):
    """The letter of its state and its parent; None if it is gone."""
    try:
        with open(f"/proc/{process}/stat") as file:
            fields = file.read().rpartition(") ")[2].split()
            return fields[0], int(fields[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def children(process):
    with open(f"/proc/{process}/task/{process}/children") as file:
        return [int(word) for word in file.read().split()]


def ended(status):
    """As the shell counts."""
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


class Running:
    """A command whose output is read line by line."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, **options)
        self.pid = self.process.pid

    def line(self):
        return self.process.stdout.readline().decode().strip()

    def rest(self):
        return self.process.stdout.read().decode().split()

    def end(self):
        code = self.process.wait()
        self.process.stdout.close()
        return code


class Terminal:
    """A session on a terminal of its own, of which we are the shell: its leader runs `body`."""

    def __init__(self, body):
        self.unread = ""
        self.leader, self.master = pty.fork()
        if self.leader == 0:
            code = 1
            try:
                code = body() or 0
            except BaseException as error:  # the child must not go on as a second test run
                print(error, flush=True)
            os._exit(code)

    def read(self):
        try:
            return os.read(self.master, 65536).decode()
        except OSError:  # the terminal is gone
            return ""

    def expect(self, words):
        """What was printed up to and with `words`."""
        while words not in self.unread:
            more = self.read()
            if not more:
                raise AssertionError(f"no {words!r} in {self.unread!r}")
            self.unread += more
        before, _, self.unread = self.unread.partition(words)
        return before + words

    def type(self, text):
        os.write(self.master, text)

    def end(self):
        text = self.unread
        while more := self.read():
            text += more
        status = os.waitpid(self.leader, 0)[1]
        os.close(self.master)
        if status != 0:
            raise AssertionError(f"the shell: {status}: {text}")
        return text


def start_job(command, foreground=True):
    """As a shell starts one: a process group of its own."""
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        if foreground:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
            os.tcsetpgrp(0, os.getpgid(0))
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTTOU])
        os.execvp(command[0], command)
    return job


def to_foreground(group):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    os.tcsetpgrp(0, group)


def stops_in_the_background(script):
    """Runs `script` in the background until it is stopped for using the terminal, says by what,
    and lets it go on in the foreground. Returns 0 if it then ends as it should."""
    job = start_job(shim("sh", "-c", f"{script}; exit 3"), False)
    _, status = os.waitpid(job, os.WUNTRACED)
    print("status", os.WIFSTOPPED(status) and os.WSTOPSIG(status), flush=True)
    to_foreground(job)
    os.killpg(job, signal.SIGCONT)
    return ended(os.waitpid(job, 0)[1]) - 3


class Ends(unittest.TestCase):
    def test_exit_codes(self):
        for code in (0, 1, 77, 125, 126, 127, 255):
            self.assertEqual(subprocess.run(shim("sh", "-c", f"exit {code}")).returncode, code)

    def test_every_signal_that_kills(self):
        harmless = {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH,
                    signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
        for number in [*range(1, 32), signal.SIGRTMIN, signal.SIGRTMAX]:
            if number not in harmless:
                ran = subprocess.run(shim("sh", "-c", f"kill -{int(number)} $$"))
                self.assertEqual(ran.returncode, -number)

    def test_one_core_file_not_two(self):
        with open("/proc/sys/kernel/core_pattern") as file:
            if "/" in file.read():
                self.skipTest("core files go elsewhere")
        with tempfile.TemporaryDirectory() as where:
            def as_large_as_it_likes():
                resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
            ran = subprocess.run(shim("sh", "-c", "kill -ABRT $$"), cwd=where,
                                 preexec_fn=as_large_as_it_likes)
            self.assertEqual(ran.returncode, -signal.SIGABRT)
            self.assertLessEqual(len(os.listdir(where)), 1)

    def test_in_scripts(self):
        script = r"""
            set -e
            shim() { "$@"; }
            shim "$@" -- true
            code=0; shim "$@" -- sh -c 'exit 3' || code=$?; echo $code
            if shim "$@" -- false; then echo wrong; fi
            echo in | shim "$@" -- cat
            shim "$@" -- sh -c 'exit 9' & wait $! || echo $?
            code=0; shim "$@" -- sh -c 'kill -TERM $$' || code=$?; echo $code
            code=0; nohup "$@" -- sh -c 'kill -HUP $$; echo alive' || code=$?; echo $code
            setsid -w "$@" -- sh -c 'echo own session' </dev/null
            shim "$@" -- false
            echo not reached
        """
        ran = subprocess.run(["bash", "-c", script, "bash", *SEQSHIM[:-1]], capture_output=True)
        self.assertEqual(ran.stdout.decode().split("\n"),
                         ["3", "in", "9", "143", "alive", "0", "own session", ""])
        self.assertEqual(ran.returncode, 1)

    def test_a_reader_that_stops_early(self):
        ran = subprocess.run(["bash", "-c", '"$@" | head -n 1; echo ${PIPESTATUS[0]}', "bash",
                              *shim("yes")], capture_output=True)
        self.assertEqual(ran.stdout, b"y\n141\n")

    def test_timeout(self):
        for option in ([], ["--foreground"]):
            ran = subprocess.run(["timeout", *option, "0.3", *shim("sleep", "1000")])
            self.assertEqual(ran.returncode, 124)
        ran = subprocess.run(["timeout", "60", *shim("sh", "-c", "exit 6")])
        self.assertEqual(ran.returncode, 6)

    def test_without_a_guard_there_is_no_parent(self):
        command = [*SEQSHIM[:-1], "--guard", "off", "--", "sh", "-c", "echo $$"]
        running = Running(command)
        self.assertEqual(running.line(), str(running.pid))
        running.end()

    def test_where_no_child_can_be_had(self):
        if os.getuid() != 0:
            self.skipTest("takes root")
        def alone():
            os.setgid(65534)
            os.setuid(65534)
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        running = Running(shim("sh", "-c", "echo $$; exit 8"), preexec_fn=alone, cwd="/")
        try:
            self.assertEqual(running.line(), str(running.pid))
        finally:
            self.assertEqual(running.end(), 8)


class SeenByTheProgram(unittest.TestCase):
    """Each thing as without the command."""

    def same(self, command, **options):
        plain = subprocess.run(command, capture_output=True, **options)
        ran = subprocess.run(shim(*command), capture_output=True, **options)
        self.assertEqual((ran.returncode, ran.stdout, ran.stderr),
                         (plain.returncode, plain.stdout, plain.stderr))
        self.assertNotEqual(plain.stdout, b"")

    def test_dispositions_and_mask(self):
        def handed_down():
            for number in (1, 2, 3, 17, 20, 22):
                signal.signal(number, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_SETMASK, [10, 14, 15, 18])
        look = ["grep", "Sig[^Q]\\|Shd", "/proc/self/status"]
        self.same(look)
        self.same(look, preexec_fn=handed_down, restore_signals=False)

    def test_descriptors(self):
        self.same(["sh", "-c", "cd /proc/self/fd && echo *"])
        self.same(["sh", "-c", "echo /proc/self/fd/*; exec >&-; ls"], stdin=subprocess.DEVNULL)

    def test_group_session_and_limits(self):
        # Process group, session, terminal, niceness.
        self.same(["sh", "-c", "cut -d' ' -f5,6,7,19 /proc/self/stat; pwd; umask; ulimit -a"],
                  cwd="/tmp", preexec_fn=lambda: os.nice(5))

    def test_pending_signals(self):
        def handed_down():
            signal.pthread_sigmask(signal.SIG_BLOCK, [10, 12])
            os.kill(os.getpid(), 12)
        self.same(python("import signal; print(signal.sigwait([10, 12]))"), preexec_fn=handed_down)

    def test_timers(self):
        def handed_down():
            signal.setitimer(signal.ITIMER_REAL, 0.2)
        ran = subprocess.run(shim("sleep", "1000"), preexec_fn=handed_down)
        self.assertEqual(ran.returncode, -signal.SIGALRM)
        def periodic():
            signal.setitimer(signal.ITIMER_VIRTUAL, 1000, 7)
        self.same(python("import signal; print(signal.getitimer(signal.ITIMER_VIRTUAL)[1],"
                         "signal.getitimer(signal.ITIMER_REAL))"), preexec_fn=periodic)

    def test_the_signal_of_a_parents_death(self):
        def handed_down():
            LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGUSR2))
        self.same(python("import ctypes; n = ctypes.c_int(); ctypes.CDLL(None).prctl(2,"
                         "ctypes.byref(n)); print(n.value)"), preexec_fn=handed_down)

    def test_orphans_come_to_it_only_if_they_did(self):
        look = python("import ctypes; n = ctypes.c_int(); ctypes.CDLL(None).prctl(37,"
                      "ctypes.byref(n)); print(n.value)")
        self.same(look)
        self.same(look, preexec_fn=lambda: LIBC.prctl(36, 1))

    def test_a_pipe_that_it_closes_is_closed(self):
        with tempfile.TemporaryDirectory() as where:
            gate = os.path.join(where, "gate")
            os.mkfifo(gate)
            running = Running(shim("sh", "-c", f"exec >&- 3<&-; read line <{gate}; exit 4"))
            self.assertEqual(running.rest(), [])  # the end of the file, while it lives
            with open(gate, "w"):
                pass
            self.assertEqual(running.end(), 4)


class Signals(unittest.TestCase):
    def listener(self, text=LISTENER, **options):
        running = Running(shim(*python(text)), **options)
        word, _, pid = running.line().partition(" ")
        self.assertEqual(word, "ready")
        return running, int(pid)

    def test_sent_to_the_command_they_reach_the_program(self):
        running, _ = self.listener()
        for number in (1, 2, 3, 10, 18, 20, 28):
            os.kill(running.pid, number)
            self.assertEqual(running.line(), str(number))
        os.kill(running.pid, signal.SIGTERM)
        self.assertEqual(running.rest(), ["end"])
        self.assertEqual(running.end(), 0)

    def test_each_once(self):
        running, _ = self.listener()
        numbers = {1, 2, 3, 10, 28}
        for number in numbers:
            os.kill(running.pid, number)
        self.assertEqual({int(running.line()) for _ in numbers}, numbers)
        os.kill(running.pid, signal.SIGTERM)
        self.assertEqual(running.rest(), ["end"])
        self.assertEqual(running.end(), 0)

    def test_those_that_kill(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGRTMIN):
            running = Running(shim("sh", "-c", "echo ready; exec sleep 1000"))
            running.line()
            os.kill(running.pid, number)
            self.assertEqual(running.end(), -number)

    def test_ignored_ones_end_nothing(self):
        def handed_down():
            for number in (1, 2, 15):
                signal.signal(number, signal.SIG_IGN)
        running = Running(shim("sh", "-c", "echo ready; read line; exit 5"), stdin=subprocess.PIPE,
                          preexec_fn=handed_down)
        running.line()
        for number in (1, 2, 15):
            os.kill(running.pid, number)
        running.process.stdin.close()
        self.assertEqual(running.end(), 5)

    def test_sender_and_kind_of_a_queued_one(self):
        number = signal.SIGRTMIN + 3
        running = Running(shim(*python(f"""if True:
            import os, signal
            signal.pthread_sigmask(signal.SIG_BLOCK, [{number}])
            os.write(1, b"ready\\n")
            for _ in range(3):
                info = signal.sigwaitinfo([{number}])
                os.write(1, b"%d %d\\n" % (info.si_code, info.si_pid))
            """)))
        running.line()
        for value in range(3):
            self.assertEqual(LIBC.sigqueue(running.pid, number, ctypes.c_void_p(value)), 0)
        for _ in range(3):
            self.assertEqual(running.line(), f"-1 {os.getpid()}")
        self.assertEqual(running.end(), 0)

    def test_killed_itself_it_leaves_the_program_alone(self):
        running, pid = self.listener()
        os.kill(running.pid, signal.SIGKILL)
        self.assertEqual(running.process.wait(), -signal.SIGKILL)
        os.kill(pid, 10)
        self.assertEqual(running.line(), "10")
        os.kill(pid, signal.SIGTERM)
        self.assertEqual(running.rest(), ["end"])
        running.process.stdout.close()

    def test_a_stopped_program_stops_it(self):
        for number in (signal.SIGSTOP, signal.SIGTSTP):
            # A group of its own: in one that has no parent in its session, which ours may be, the
            # kernel discards the terminal's stop.
            running, pid = self.listener(PLAIN_LISTENER, preexec_fn=os.setpgrp)
            os.kill(pid, number)
            self.assertEqual(os.waitpid(running.pid, os.WUNTRACED)[1], number << 8 | 0x7f)
            # To the command alone.
            os.kill(running.pid, signal.SIGCONT)
            os.kill(running.pid, 10)
            self.assertEqual(running.line(), "10")
            os.kill(running.pid, signal.SIGTERM)
            self.assertEqual(running.rest(), ["end"])
            self.assertEqual(running.end(), 0)

    def test_a_program_continued_by_others_continues_it(self):
        running, pid = self.listener(PLAIN_LISTENER)
        for _ in range(3):
            os.kill(pid, signal.SIGSTOP)
            os.waitpid(running.pid, os.WUNTRACED)
            os.kill(pid, signal.SIGCONT)
            os.waitpid(running.pid, os.WCONTINUED)
        os.kill(pid, signal.SIGSTOP)
        os.waitpid(running.pid, os.WUNTRACED)
        os.kill(pid, signal.SIGKILL)
        self.assertEqual(running.end(), -signal.SIGKILL)
        running.process.stdout.close()


class JobControl(unittest.TestCase):
    """We are the shell of a terminal."""

    def test_interrupted_once(self):
        def shell():
            job = start_job(shim(*python(LISTENER)))
            # Ends at TERM, which goes the way that a second interrupt would have gone.
            return ended(os.waitpid(job, 0)[1])
        terminal = Terminal(shell)
        pid = int(terminal.expect("\n").split()[1])
        parent = state(pid)[1]
        terminal.type(b"\x03")
        terminal.expect("2\r\n")
        terminal.type(b"\x1c")
        terminal.expect("3\r\n")
        os.kill(parent, signal.SIGTERM)
        self.assertEqual(terminal.end().split(), ["end"])

    def test_interrupted_to_death(self):
        def shell():
            return ended(os.waitpid(start_job(shim(*python(MORTAL))), 0)[1]) - 130
        terminal = Terminal(shell)
        terminal.expect("ready")
        terminal.type(b"\x03")
        terminal.end()

    def test_stopped_and_continued(self):
        def shell():
            job = start_job(shim(*python(PLAIN_LISTENER)))
            for _ in range(5):
                _, status = os.waitpid(job, os.WUNTRACED)
                to_foreground(os.getpid())
                if not os.WIFSTOPPED(status) or os.WSTOPSIG(status) != signal.SIGTSTP:
                    print("wrong status", status, flush=True)
                print("stopped", flush=True)
                to_foreground(job)
                os.killpg(job, signal.SIGCONT)
                os.kill(job, 10)
            return ended(os.waitpid(job, os.WUNTRACED)[1])
        terminal = Terminal(shell)
        pid = int(terminal.expect("\n").split()[1])
        for _ in range(5):
            terminal.type(b"\x1a")
            text = terminal.expect("10\r\n")
            self.assertIn("stopped", text)
            self.assertNotIn("wrong", text)
        os.kill(state(pid)[1], signal.SIGTERM)
        self.assertEqual(terminal.end().split()[-1], "end")

    def test_one_that_handles_stopping_itself(self):
        def shell():
            job = start_job(shim(*python(LISTENER)))
            return ended(os.waitpid(job, os.WUNTRACED)[1])
        terminal = Terminal(shell)
        pid = int(terminal.expect("\n").split()[1])
        terminal.type(b"\x1a")
        terminal.expect("20\r\n")
        os.kill(state(pid)[1], signal.SIGTERM)
        self.assertEqual(terminal.end().split(), ["end"])

    def test_reading_in_the_background(self):
        def shell():
            return stops_in_the_background("echo ready; read word; echo got $word")
        terminal = Terminal(shell)
        terminal.expect(f"status {int(signal.SIGTTIN)}")
        terminal.type(b"word\n")
        self.assertIn("got word", terminal.end())

    def test_writing_in_the_background(self):
        def shell():
            modes = termios.tcgetattr(0)
            modes[3] |= termios.TOSTOP
            termios.tcsetattr(0, termios.TCSANOW, modes)
            return stops_in_the_background("echo word")
        terminal = Terminal(shell)
        self.assertRegex(terminal.end(), rf"status {int(signal.SIGTTOU)}\r\nword")

    def test_hang_up_of_the_leader(self):
        with tempfile.TemporaryDirectory() as where:
            log = os.path.join(where, "log")
            def leader():
                command = shim("sh", "-c", f"trap 'echo hung up >>{log}; exit 0' HUP; echo ready;"
                               "while :; do sleep 0.01; done")
                os.execvp(command[0], command)
            terminal = Terminal(leader)
            terminal.expect("ready")
            os.close(terminal.master)
            self.assertEqual(os.waitpid(terminal.leader, 0)[1], 0)
            with open(log) as file:
                self.assertEqual(file.read(), "hung up\n")

    def bash(self):
        script = tempfile.NamedTemporaryFile("w")
        self.addCleanup(script.close)
        script.write(MORTAL)
        script.flush()
        def shell():
            os.environ.update(PS1="$ ", HISTFILE="", TERM="dumb", SHIM=" ".join(SEQSHIM),
                              MORTAL=f"{sys.executable} {script.name}")
            os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"])
        terminal = Terminal(shell)
        terminal.expect("$ ")
        return terminal

    def test_below_an_interactive_shell(self):
        terminal = self.bash()
        terminal.type(b"$SHIM sh -c 'echo re''ady; read word; echo got $word; exit 5'\n")
        terminal.expect("ready")
        terminal.type(b"\x1a")
        terminal.expect("Stopped")
        terminal.expect("$ ")
        terminal.type(b"fg\n")
        terminal.expect("exit 5'\r\n")
        terminal.type(b"word\n")
        terminal.expect("got word")
        terminal.type(b"echo code $?\n")
        terminal.expect("code 5\r\n$ ")
        terminal.type(b"exit 0\n")
        terminal.end()

    def test_an_interactive_shell_below(self):
        terminal = self.bash()
        terminal.type(b"PS1='in''ner ' $SHIM bash --norc --noprofile --noediting -i\n")
        terminal.expect("inner ")
        terminal.type(b"$MORTAL\n")
        terminal.expect("ready")
        terminal.type(b"\x1a")
        terminal.expect("Stopped")
        terminal.expect("inner ")
        terminal.type(b"suspend\n")
        terminal.expect("$ ")
        terminal.type(b"echo ou''ter\n")
        terminal.expect("outer\r\n$ ")
        terminal.type(b"fg\n")
        terminal.expect("inner ")
        terminal.type(b"kill -9 %1; fg; exit 7\n")
        terminal.expect("exit\r\n$ ")
        terminal.type(b"echo code $?\n")
        terminal.expect("code 7")
        terminal.type(b"exit 0\n")
        terminal.end()


class Orphans(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.where = directory.name

    def path(self, name):
        return os.path.join(self.where, name)

    def make_guard(self):
        """A program that ends when told to; its last deed can be seen."""
        with open(self.path("guard"), "w") as file:
            file.write(f'#!/bin/sh\nmkfifo {self.path("gate")}.$$\necho $$ >>{self.path("started")}\n'
                       f'read line <{self.path("gate")}.$$\necho done >>{self.path("done")}\n')
        os.chmod(self.path("guard"), 0o755)

    def started(self, count):
        pids = []
        def all_there():
            try:
                with open(self.path("started")) as file:
                    pids[:] = [int(line) for line in file.read().split("\n")[:-1]]
            except FileNotFoundError:
                pass
            return len(pids) == count
        until(all_there)
        return pids

    def open_gate(self, guard):
        with open(f"{self.path('gate')}.{guard}", "w") as file:
            file.write("\n")

    def check_waits(self, running, count, code):
        """It must not end before the last of the guards."""
        guards = self.started(count)
        for guard in guards:
            until(lambda: state(guard)[1] == running.pid)
        until(lambda: set(children(running.pid)) == set(guards))
        for guard in guards:
            self.assertIsNone(running.process.poll())
            self.open_gate(guard)
        self.assertEqual(running.end(), code)
        with open(self.path("done")) as file:
            self.assertEqual(file.read(), "done\n" * count)

    def make_owner(self, name, end):
        """A script that has a guard when it ends."""
        with open(self.path(name), "w") as file:
            file.write(f"""#!/bin/sh
guard={self.where}/seqshim:$$
cp {self.path("guard")} $guard
(setsid $guard &)
until grep -qs . {self.path("started")}; do :; done
{end}
""")
        os.chmod(self.path(name), 0o755)
        return self.path(name)

    def test_a_guard_is_waited_for(self):
        self.make_guard()
        owner = self.make_owner("owner", "kill -KILL $$")
        self.check_waits(Running(shim(owner)), 1, -signal.SIGKILL)

    def test_guards_from_further_down(self):
        self.make_guard()
        inner = self.make_owner("inner", "kill -SEGV $$")
        outer = self.make_owner("outer", f"{inner}; until [ $(wc -l <{self.path('started')}) = 2 ];"
                                "do :; done; exit 6")
        self.check_waits(Running(shim(outer), stderr=subprocess.DEVNULL), 2, 6)

    def test_signals_meanwhile_end_nothing(self):
        self.make_guard()
        running = Running(shim(self.make_owner("owner", "")))
        pid = self.started(1)[0]
        until(lambda: children(running.pid) == [pid])
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(running.pid, number)
        self.check_waits(running, 1, 0)

    def test_the_guard_of_a_daemon_is_not_waited_for(self):
        self.make_guard()
        daemon = self.make_owner("daemon", f"echo $$ >{self.path('pid')}; exec sleep 1000")
        code = f"setsid {daemon} >/dev/null & until [ -s {self.path('pid')} ]; do :; done; exit 4"
        self.assertEqual(Running(shim("sh", "-c", code)).end(), 4)
        with open(self.path("pid")) as file:
            os.kill(int(file.read()), signal.SIGKILL)
        self.open_gate(self.started(1)[0])
        until(lambda: os.path.exists(self.path("done")))

    def test_what_a_killed_program_wrote_is_there(self):
        # Killed by another, and as the program itself.
        writer = f"""if True:
            import os, signal, sys
            ours, theirs = os.pipe()
            writer = os.fork()
            if writer == 0:
                file = os.open({self.path("file.out")!r}, os.O_WRONLY | os.O_CREAT)
                while True: os.write(theirs, b"%d " % os.write(file, b"0123456789" * 1234))
            told = b""
            while len(told) < 4000: told += os.read(ours, 4000)
            os.kill(writer, 9)
            os.close(theirs)
            while more := os.read(ours, 4000): told += more
            print(sum(map(int, told.split())))
            """
        for _ in range(10):
            command = [SEQSHIM[0], "-m", "*.out", "--", *python(writer)]
            ran = subprocess.run(command, capture_output=True, check=True)
            accepted = int(ran.stdout)
            with open(self.path("file.out"), "rb") as file:
                data = file.read()
            os.unlink(self.path("file.out"))
            # Of what was written last, which may not have been told, any part may be there.
            self.assertIn(len(data) - accepted, range(12341))
            self.assertEqual(data, (b"0123456789" * (len(data) // 10 + 1))[:len(data)])

    def test_daemons_are_not_waited_for(self):
        code = f"setsid sh -c 'echo $$ >{self.path('pid')}; exec sleep 1000' >/dev/null & " \
               f"until [ -s {self.path('pid')} ]; do :; done; exit 4"
        self.assertEqual(Running(shim("sh", "-c", code)).end(), 4)
        with open(self.path("pid")) as file:
            daemon = int(file.read())
        self.assertIsNotNone(state(daemon))
        os.kill(daemon, signal.SIGKILL)

    def test_other_orphans_are_reaped(self):
        script = f"(sleep 0 & echo $! >{self.path('pid')}); echo ready; read line; exit 2"
        running = Running(shim("sh", "-c", script), stdin=subprocess.PIPE)
        running.line()
        with open(self.path("pid")) as file:
            orphan = int(file.read())
        until(lambda: state(orphan) is None)
        running.process.stdin.close()
        self.assertEqual(running.end(), 2)

    def unshared(self, options, script):
        if subprocess.run(["unshare", *options, "true"], capture_output=True).returncode != 0:
            self.skipTest("no namespaces here")
        return subprocess.run(["unshare", *options, "sh", "-c", script, "sh", *SEQSHIM],
                              capture_output=True)

    def test_without_proc(self):
        # It is needed to find the library; then it goes.
        ran = self.unshared(["-m"], '"$@" sh -c "umount -l /proc; exit 6"')
        self.assertEqual((ran.returncode, ran.stderr), (6, b""))
        ran = self.unshared(["-m"], '"$@" sh -c "umount -l /proc; kill -TERM \\$\\$"')
        self.assertEqual(ran.returncode, 128 + signal.SIGTERM)

    def test_as_the_first_process(self):
        ran = self.unshared(["-pf", "--mount-proc"], 'exec "$@" sh -c "exit 9"')
        self.assertEqual((ran.returncode, ran.stderr), (9, b""))
        ran = self.unshared(["-pf", "--mount-proc"], 'exec "$@" sh -c "kill -TERM \\$\\$"')
        self.assertEqual((ran.returncode, ran.stderr), (128 + signal.SIGTERM, b""))


if __name__ == "__main__":
    build = os.path.abspath(sys.argv.pop(1))
    options = [sys.argv.pop(1)] if sys.argv[1:2] == ["--progress"] else []
    SEQSHIM = [os.path.join(build, "seqshim"), "-m", "no-such-file", *options, "--"]
    for name in [name for name in os.environ if name.startswith("SEQSHIM_")] + ["LD_PRELOAD"]:
        os.environ.pop(name, None)
    # A wait in vain.
    faulthandler.dump_traceback_later(int(os.environ.get("LIMIT", "240")), exit=True)
    unittest.main(verbosity=0)
