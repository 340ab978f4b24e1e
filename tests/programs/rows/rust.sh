# shellcheck shell=bash disable=SC2034
needs=rustc
prepare() {
  cat >"$BESIDE/w.rs" <<'RS'
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IoSlice, LineWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
fn large() -> io::Result<()> {
    let mut out = BufWriter::new(File::create("a")?);
    for _ in 0..200000 { out.write_all(&[b'x'; 100])?; }
    out.flush()
}
fn small() -> io::Result<()> {
    let noise = std::env::var("IN").unwrap() + "/noise";
    let mut out = BufWriter::new(File::create("lines")?);
    for i in 0..20000 { writeln!(out, "line {}", i)?; }
    out.seek(SeekFrom::Start(1000))?;
    out.write_all(b"HERE")?;
    drop(out);
    let mut file = OpenOptions::new().read(true).write(true).create(true).open("both")?;
    for i in 0..500 { file.write_all(&vec![b'r'; i * 3])?; }
    file.write_at(b"written at", 5000)?;
    file.write_vectored(&[IoSlice::new(b"one"), IoSlice::new(b"two")])?;
    println!("{} {}", file.metadata()?.len(), file.seek(SeekFrom::Current(0))?);
    file.seek(SeekFrom::Start(4998))?;
    let mut bytes = [0u8; 12];
    file.read_exact(&mut bytes)?;
    println!("{}", String::from_utf8_lossy(&bytes));
    file.set_len(300000)?;
    file.sync_all()?;
    let mut copy = file.try_clone()?;
    copy.seek(SeekFrom::End(0))?;
    copy.write_all(b"end")?;
    println!("{}", fs::copy(&noise, "copied")?);
    io::copy(&mut File::open(&noise)?, &mut File::create("io-copied")?)?;
    fs::write("written", fs::read(&noise)?)?;
    let mut log = LineWriter::new(OpenOptions::new().append(true).create(true).open("log")?);
    for i in 0..1000 { writeln!(log, "log {}", i)?; }
    Ok(())
}
fn main() -> io::Result<()> {
    if std::env::args().len() > 1 { large() } else { small() }
}
RS
  # Where rustc is rustup's, its compilers are in the true home.
  HOME=$(getent passwd "$(id -u)" | cut -d: -f6) rustc -O -o "$BESIDE/w" "$BESIDE/w.rs"
}
run() { "$BESIDE/w"; }
title='Rust BufWriter'
large() { "$BESIDE/w" large; }
