#!/usr/bin/env python3
"""What --progress draws on a terminal, and leaves there.

    progress_test.py BUILD_DIR [TEST...]

Silence is success.
"""

import faulthandler
import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

from parent_test import Terminal, ended, python, start_job, to_foreground, until

SEQSHIM = ""  # the command
LINE = r" *\d[0-9.]*[KMG]? 0:00:\d\d "

# Writes to the files that it is given in turns, a cluster each, until there is a file "end".
WRITER = """if True:
    import os, sys, time
    fds = [os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in sys.argv[1:]]
    pieces = 0
    while not os.path.exists("end"):
        for fd in fds: os.write(fd, bytes(65536))
        time.sleep(0.01)
"""


class Screen:
    """What a terminal shows that is wide and high enough for it."""

    def __init__(self):
        self.lines, self.row, self.column = [""], 0, 0
        self.widest = 0

    def feed(self, text):
        while text:
            found = re.match(r"\x1b\[(\d*)([A-Z])|[\r\n\b]|[^\x1b\r\n\b]+", text)
            text = text[found.end():]
            self.act(found[0], found[1], found[2])

    def act(self, text, number, letter):
        times = int(number or 1)
        if text == "\r":
            self.column = 0
        elif text == "\n":
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append("")
        elif letter == "A":
            self.row -= times
        elif letter == "C":
            self.column += times
        elif letter in ("J", "K"):
            self.lines[self.row] = self.lines[self.row][:self.column]
            if letter == "J":
                del self.lines[self.row + 1:]
        else:
            assert letter is None, text
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[:self.column] + text + line[self.column + len(text):]
            self.column += len(text)
            self.widest = max(self.widest, self.column)

    def shown(self):
        return [line.rstrip() for line in self.lines if line.strip()]


def command(*options):
    return [SEQSHIM, "-m", "*.out", "--cluster", "64K", "--progress", *options, "--"]


class Progress(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.before = os.getcwd()
        self.addCleanup(lambda: os.chdir(self.before))
        os.chdir(directory.name)
        os.environ["TERM"] = "xterm"

    def run_on_terminal(self, job, size=(24, 80)):
        """`job` is run in the foreground; the terminal's session ends with its code."""
        def shell():
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            return ended(os.waitpid(start_job(job), 0)[1])
        return Terminal(shell)

    def resize(self, terminal, rows, columns):
        fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def writer(self, *files, options=()):
        return command(*options) + python(WRITER) + list(files)

    def let_end(self):
        open("end", "w").close()

    def draws(self, terminal, times):
        """What is printed until the line has been drawn so often from here on."""
        text = ""
        while times > 0:
            text += terminal.expect("in flight")
            times -= 1
        return text

    def test_a_line_while_it_lasts_and_what_it_came_to(self):
        terminal = self.run_on_terminal(self.writer("a.out"))
        start = time.monotonic()
        text = self.draws(terminal, 12)
        self.assertGreater(time.monotonic() - start, 1.0)  # ten times a second, no more
        self.let_end()
        text += terminal.end()
        self.assertRegex(text, LINE + r"\[ *[0-9.]+[KM]?/s\] \([0-9.]+[KM]?/s\) [0-9.]+K? in flight,"
                         r" \d+ waits?  \S*/a.out\x1b")
        screen = Screen()
        screen.feed(text)
        self.assertLess(screen.widest, 80)
        self.assertEqual(len(screen.shown()), 1, screen.lines)
        self.assertRegex(screen.shown()[0], LINE + r"\([0-9.]+[KM]?/s\) \d+ waits?$")
        self.assertEqual((screen.row, screen.column), (1, 0))

    def test_several_files(self):
        terminal = self.run_on_terminal(self.writer("a.out", "b.out", "c.out"))
        text = self.draws(terminal, 8) + terminal.expect("/c.out")
        screen = Screen()
        screen.feed(text)
        self.assertEqual([re.sub(r".*/", "", line) for line in screen.shown()[1:]],
                         ["a.out", "b.out", "c.out"])
        self.let_end()
        screen.feed(terminal.end())
        self.assertEqual(len(screen.shown()), 1, screen.lines)

    def test_no_more_lines_than_the_terminal_has(self):
        names = [f"{number}.out" for number in range(12)]
        terminal = self.run_on_terminal(self.writer(*names), (6, 60))
        text = terminal.expect("more files") + terminal.expect("more files")
        screen = Screen()
        screen.feed(text)
        self.assertLess(screen.widest, 60)
        self.assertEqual(len(screen.shown()), 5, screen.lines)
        self.assertRegex(screen.shown()[-1], "and 9 more files")
        self.let_end()
        terminal.end()

    def test_resized(self):
        terminal = self.run_on_terminal(self.writer("a.out"), (24, 100))
        terminal.expect("a.out")
        self.resize(terminal, 10, 40)
        # One may have been on its way.
        terminal.expect("\r")
        terminal.expect("\r")
        screen = Screen()
        screen.feed("\r" + "".join(terminal.expect("\r") for _ in range(4)))
        self.assertEqual(screen.widest, 39)
        self.resize(terminal, 24, 120)
        terminal.expect("a.out")
        self.let_end()
        terminal.end()

    def test_interrupted(self):
        terminal = self.run_on_terminal(self.writer("a.out"))
        text = self.draws(terminal, 2)
        terminal.type(b"\x03")
        with self.assertRaisesRegex(AssertionError, f"the shell: {130 << 8}") as caught:
            terminal.end()
        screen = Screen()
        screen.feed(text + str(caught.exception).partition(": ")[2].partition(": ")[2])
        self.assertRegex(screen.shown()[-1], LINE + r"\(.*\) \d+ waits?$")
        self.assertEqual(screen.column, 0)

    def test_stopped_and_continued(self):
        def shell():
            job = start_job(self.writer("a.out"))
            for _ in range(3):
                _, status = os.waitpid(job, os.WUNTRACED)
                to_foreground(os.getpid())
                print("stopped", os.WIFSTOPPED(status) and os.WSTOPSIG(status), flush=True)
                time.sleep(0.25)
                print("still", flush=True)
                to_foreground(job)
                os.killpg(job, signal.SIGCONT)
            return ended(os.waitpid(job, 0)[1])
        terminal = Terminal(shell)
        for _ in range(3):
            text = self.draws(terminal, 2)
            terminal.type(b"\x1a")
            text += terminal.expect("stopped 20\r\n")
            screen = Screen()
            screen.feed(text)
            # The terminal echoes what was typed.
            self.assertEqual([line for line in screen.shown() if line != "^Z"], ["stopped 20"])
            self.assertEqual(terminal.expect("still"), "still")
        self.draws(terminal, 2)
        self.let_end()
        terminal.end()

    def test_not_in_the_background(self):
        def shell():
            job = start_job(self.writer("a.out"), False)
            until(lambda: os.path.exists("a.out") and os.path.getsize("a.out") > 1000000)
            print("brought back", flush=True)
            to_foreground(job)
            os.killpg(job, signal.SIGCONT)
            return ended(os.waitpid(job, 0)[1])
        terminal = Terminal(shell)
        self.assertEqual(terminal.expect("brought back"), "brought back")
        self.draws(terminal, 2)
        self.let_end()
        terminal.end()

    def test_what_the_program_prints_is_all_there(self):
        printer = WRITER.replace("time.sleep", "pieces += 1; print(f'<{pieces}>', flush=True); time.sleep")
        terminal = self.run_on_terminal(command() + python(printer) + ["a.out", "b.out"])
        text = self.draws(terminal, 8)
        self.let_end()
        screen = Screen()
        screen.feed(text + terminal.end())
        printed = [int(number) for number in re.findall(r"<(\d+)>", "\n".join(screen.lines))]
        self.assertGreater(len(printed), 5)
        self.assertEqual(printed, list(range(1, len(printed) + 1)))

    def test_a_summary_in_its_place(self):
        terminal = self.run_on_terminal(self.writer("a.out", options=["-v"]))
        text = self.draws(terminal, 2)
        self.let_end()
        screen = Screen()
        screen.feed(text + terminal.end())
        self.assertEqual(len(screen.shown()), 1, screen.lines)
        self.assertRegex(screen.shown()[0], r"^seqshim: \S+ in \d+ writes to 1 file, ")

    def test_a_terminal_that_is_held(self):
        terminal = self.run_on_terminal(self.writer("a.out"))
        self.draws(terminal, 1)
        terminal.type(b"\x13")  # ^S
        time.sleep(0.5)
        self.let_end()
        # It ends all the same.
        self.assertEqual(ended(os.waitpid(terminal.leader, 0)[1]), 0)
        os.close(terminal.master)

    def test_before_anything_is_written_the_terminal_is_the_programs(self):
        terminal = self.run_on_terminal(command() + ["sh", "-c", "sleep 0.4; echo; sleep 0.4; echo done"])
        self.assertEqual(terminal.end(), "\r\ndone\r\n")

    def test_no_terminal(self):
        for where in ({"stderr": subprocess.PIPE}, {"stderr": subprocess.DEVNULL}):
            self.let_end()
            ran = subprocess.run(self.writer("a.out"), stdout=subprocess.PIPE, **where)
            self.assertEqual((ran.returncode, ran.stdout, ran.stderr or b""), (0, b"", b""))
        terminal = self.run_on_terminal(["sh", "-c", '"$@" 2>&-; echo $?', "sh", *self.writer("a.out")])
        self.assertEqual(terminal.end(), "0\r\n")
        os.environ["TERM"] = "dumb"
        os.unlink("end")
        terminal = self.run_on_terminal(self.writer("a.out"))
        until(lambda: os.path.exists("a.out") and os.path.getsize("a.out") > 1000000)
        self.let_end()
        self.assertEqual(terminal.end(), "")

    def test_nothing_stays_open_in_the_program(self):
        look = ["sh", "-c", "cd /proc/self/fd && echo *"]
        plain = self.run_on_terminal(look).end()
        shown = self.run_on_terminal(command() + look).end()
        self.assertEqual(shown, plain)


if __name__ == "__main__":
    build = os.path.abspath(sys.argv.pop(1))
    SEQSHIM = os.path.join(build, "seqshim")
    for name in [name for name in os.environ if name.startswith("SEQSHIM_")] + ["LD_PRELOAD"]:
        os.environ.pop(name, None)
    # A wait in vain.
    faulthandler.dump_traceback_later(int(os.environ.get("LIMIT", "240")), exit=True)
    unittest.main(verbosity=0)
