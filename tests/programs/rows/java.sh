# shellcheck shell=bash disable=SC2034
needs=java
prepare() {
  cat >"$BESIDE/Writers.java" <<'JAVA'
import java.io.*;
import java.nio.*;
import java.nio.channels.*;
import java.nio.file.*;
import static java.nio.file.StandardOpenOption.*;

public class Writers {
  static void large() throws IOException {
    try (var out = new BufferedOutputStream(new FileOutputStream("a"))) {
      byte[] record = new byte[128];
      for (int i = 0; i < 160000; ++i) out.write(record);
    }
  }
  static void small() throws Exception {
    Path noise = Path.of(System.getenv("IN"), "noise");
    try (var out = new PrintWriter("printed")) { for (int i = 0; i < 20000; ++i) out.println("line " + i); }
    try (var out = new FileOutputStream("bytes")) { for (int i = 0; i < 3000; ++i) out.write(new byte[i % 90]); }
    try (var file = new RandomAccessFile("random", "rw")) {
      for (int i = 0; i < 500; ++i) file.writeUTF("record " + i);
      file.seek(100); file.writeInt(7); file.seek(file.length()); file.write(new byte[200000]); file.setLength(150001);
      System.out.println(file.length() + " " + file.getFilePointer());
    }
    try (var channel = FileChannel.open(Path.of("channel"), CREATE, WRITE, READ)) {
      for (int i = 0; i < 300; ++i) channel.write(ByteBuffer.wrap(("chunk " + i + "\n").repeat(50).getBytes()));
      channel.write(ByteBuffer.wrap("HERE".getBytes()), 1234); channel.truncate(100000); channel.force(true);
      var map = channel.map(FileChannel.MapMode.READ_WRITE, 0, 5000); map.put(10, (byte) '!'); map.force();
    }
    try (var in = FileChannel.open(noise); var out = FileChannel.open(Path.of("transferred"), CREATE, WRITE)) {
      in.transferTo(0, in.size(), out);
    }
    Files.copy(noise, Path.of("copied"));
    Files.write(Path.of("written"), Files.readAllBytes(noise));
    Files.writeString(Path.of("written"), "appended", APPEND);
    try (var out = new java.util.zip.ZipOutputStream(new FileOutputStream("a.zip"))) {
      var entry = new java.util.zip.ZipEntry("noise"); entry.setTime(1600000000000L);
      out.putNextEntry(entry); Files.copy(noise, out); out.closeEntry();
    }
    new ProcessBuilder("seq", "5000").redirectOutput(new File("process")).start().waitFor();
  }
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) large(); else small();
  }
}
JAVA
  # Debian's ecj wants to be told the language; its script doesn't find its classes in every release.
  if command -v ecj >/dev/null; then
    java -cp "$(printf '%s:' /usr/share/java/eclipse-[ej]*.jar)" \
      org.eclipse.jdt.internal.compiler.batch.Main -11 -proc:none -nowarn -d "$BESIDE" "$BESIDE/Writers.java"
  else
    javac -d "$BESIDE" "$BESIDE/Writers.java"
  fi
}
machine() { java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -XX:-UsePerfData -cp "$BESIDE" Writers "$@"; }
run() { machine; }
title='java BufferedOutputStream'
large() { machine large; }
