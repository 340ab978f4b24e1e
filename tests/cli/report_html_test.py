#!/usr/bin/env python3
"""The pages of `seqshim report`, as a browser lays them out.

    report_html_test.py BUILD_DIR

Silence is success; 77: there is no Chromium here. The pages are shown unchanged, wide and narrow, in
frames of one other page, whose script looks at them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BROWSERS = ["chromium-headless-shell", "chromium-shell", "chromium", "chromium-browser", "google-chrome"]
WIDTHS = [1200, 400]
SEQSHIM = []

# Names as programs may give them: markup, controls, what turns the text, what isn't UTF-8, what has
# no place to break.
HOSTILE = b"out/<img src=x onerror=document.title='taken'>&amp;\"\x1b[2J\xe2\x80\xae\xff.tar"
LONG = "out/" + 10 * "a-name-without-an-end" + ".tar"

# What of a frame's layout is wrong, one thing a line.
CHECKS = r"""
function faults_of(frame, width) {
  const page = frame.contentDocument, faults = [];
  const name = element => element.tagName + " " + element.textContent.trim().slice(0, 30);
  const outside = (element, box, edge) => {
    const own = element.getBoundingClientRect();
    return own.width > 1 && (own.left < box.left - edge || own.right > box.right + edge);
  };
  if (page.documentElement.clientWidth != width) faults.push("not shown at that width");
  if (page.documentElement.scrollWidth > width) faults.push("scrolls sideways");
  for (const element of page.querySelectorAll("body *"))
    if (outside(element, {left: 0, right: width}, 0.5)) faults.push("beyond the page: " + name(element));
  for (const card of page.querySelectorAll("figure, .card, .facts div")) {
    const box = card.getBoundingClientRect();
    for (const element of card.querySelectorAll("*"))
      if (outside(element, box, 0.5)) faults.push("beyond its card: " + name(element));
  }
  for (const plot of page.querySelectorAll("svg.plot")) {
    const box = plot.getBoundingClientRect();
    if (box.width < 200 || box.height < 100) faults.push("no room for the plot");
    const labels = [...plot.querySelectorAll(".x text")].map(text => text.getBoundingClientRect());
    for (let i = 1; i < labels.length; ++i)
      if (labels[i].left < labels[i - 1].right + 2) faults.push("labels overlap: " + name(plot));
  }
  if (frame.contentWindow.performance.getEntriesByType("resource").length > 0) faults.push("loads something");
  for (const image of page.querySelectorAll("svg[role=img]"))
    if (!image.querySelector("title")) faults.push("a picture without a title");
  return faults;
}
const all = [];
let missing = pages.length;
for (const [text, width] of pages) {
  const frame = document.createElement("iframe");
  frame.style.cssText = `width: ${width}px; height: 900px; border: 0`;
  frame.srcdoc = text;
  const result = {};
  all.push(result);
  frame.onload = () => {
    const page = frame.contentDocument;
    page.querySelectorAll("details").forEach(details => details.open = true);
    result.faults = faults_of(frame, width).slice(0, 8);
    result.title = page.title;
    result.pictures = page.querySelectorAll("svg").length;
    result.text = page.body.innerText;
    if (--missing == 0) document.getElementById("results").textContent = JSON.stringify(all);
  };
  document.body.append(frame);
}
"""


def run(*words, **options):
    return subprocess.run([*SEQSHIM, *words], check=True, capture_output=True, **options)


def counters(count, size):
    return {"bytes_written": size, "bytes_direct": size // 2, "bytes_buffered": size // 3,
            "bytes_passed": size, "waits": count, "wait_ns": 10**14, "errors": 3,
            "hand_backs": {"append": 7, "unseen": 1},
            "write_sizes": [{"from": 1 << b >> 1, "count": count} for b in range(33)],
            "direct_write_sizes": [{"from": 1 << 20, "count": count}]}


def large_report():
    """Days, petabytes, numbers with many digits."""
    files = [{"path": "/data/" + 11 * "directory/" + str(i), "times": 123456, "rung": "drop-behind",
              "hand_back": "own-direct", **counters(10**9, 10**15)} for i in range(50)]
    process = {"version": "0.1.0", "program": "a-program-with-a-name", "engine": "thread",
               "guard": "absent", "cluster": 1 << 20, "memory": 1 << 40, "depth": 16,
               "append": False, "files": files, "files_closed": 50, "files_unlisted": 10**6,
               "totals": counters(10**8, 10**17), "wall_ns": 64 * 2**22 * 10**6,
               "user_us": 10**12, "system_us": 10**12,
               "timeline": {"start_ms": 1795866130500, "bucket_ms": 2**22,
                            "written": [10**12 * (i % 7) for i in range(64)],
                            "landed": [10**12 * (i % 5) for i in range(64)],
                            "wait_ns": [10**15] * 64}}
    return "".join(json.dumps({**process, "pid": 4194300 + i}) + "\n" for i in range(4))


def make_reports():
    os.mkdir("out")
    run("-m", "out/*", "--report=tree.json", "sh", "-c",
        'head -c 3000000 /dev/zero | tee "$0" >"$1"; cp "$1" out/copy; echo x >out/small',
        HOSTILE, LONG)
    with open("large.json", "w") as report:
        report.write(large_report())
    with open("old.json", "w") as report:
        report.write('{"program":"old","pid":1,"totals":{}}\n')


def page_of(*reports):
    run("report", "--html", "page.html", *reports)
    with open("page.html", encoding="utf-8") as page:
        return page.read()


def shown(pages):
    """What the browser makes of (page, width)s: a dictionary for each."""
    with open("frames.html", "w", encoding="utf-8") as frames:
        data = json.dumps(pages).replace("<", r"\u003c")
        frames.write("<!DOCTYPE html><meta charset=utf-8><body style='width:1200px'>"
                     f"<pre id=results></pre><script>const pages = {data};{CHECKS}</script>")
    ran = subprocess.run(
        [BROWSER, "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1300,900",
         "--user-data-dir=" + os.path.abspath("profile"), "--host-resolver-rules=MAP * ~NOTFOUND",
         "--virtual-time-budget=60000", "--dump-dom", "file://" + os.path.abspath("frames.html")],
        capture_output=True, check=True, timeout=60)
    found = re.search('<pre id="results">(.+?)</pre>', ran.stdout.decode(), re.S)
    if not found:
        raise AssertionError(f"no results: {ran.stderr.decode()[-2000:]}")
    text = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return json.loads(text)


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        make_reports()
        cls.pages = {"tree": page_of("tree.json"), "large": page_of("large.json"),
                     "old": page_of("old.json"), "both": page_of("tree.json", "large.json")}
        cases = [(name, width) for name in cls.pages for width in WIDTHS]
        # And one that is wrong: it must be noticed.
        wrong = cls.pages["old"].replace("<main>", '<main><p style="width:2000px">too wide</p>')
        results = shown([(cls.pages[name], width) for name, width in cases] + [(wrong, 1200)])
        cls.wrong = results.pop()
        cls.results = dict(zip(cases, results))

    def test_everything_has_its_room(self):
        for case, result in self.results.items():
            self.assertEqual(result["faults"], [], case)

    def test_faults_are_noticed(self):
        self.assertEqual(self.wrong["faults"][:2], ["scrolls sideways", "beyond the page: P too wide"])

    def test_titles_and_pictures(self):
        tree = self.results["tree", 1200]
        self.assertRegex(tree["title"], "^seqshim report: .*tee")
        self.assertGreaterEqual(tree["pictures"], 6)
        self.assertIn("Bytes over time", tree["text"])
        self.assertIn("B: Bytes over time", self.results["both", 1200]["text"])
        self.assertIn("Nothing was written.", self.results["old", 1200]["text"])

    def test_names_are_shown_as_they_are(self):
        text = self.results["tree", 1200]["text"]
        self.assertIn("/out/<img src=x onerror=document.title='taken'>&amp;\"\\x1b[2J\\u{202e}\xff.tar", text)
        self.assertIn(LONG, text)

    def test_nothing_can_be_loaded(self):
        for name, page in self.pages.items():
            self.assertIn("Content-Security-Policy\" content=\"default-src 'none';", page, name)
            self.assertNotRegex(page, r"<script|<link|<iframe|<img|\bsrc=[\"']|\bhref=|@import|url\(", name)


if __name__ == "__main__":
    BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not BROWSER:
        print("skipped: there is no Chromium here", file=sys.stderr)
        sys.exit(77)
    SEQSHIM = [os.path.join(os.path.abspath(sys.argv.pop(1)), "seqshim")]
    for name in [name for name in os.environ if name.startswith("SEQSHIM_")] + ["LD_PRELOAD"]:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        try:
            unittest.main(verbosity=0)
        finally:
            os.chdir("/")
