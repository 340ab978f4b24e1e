# shellcheck shell=bash disable=SC2034
needs=node
prepare() { cat >"$BESIDE/s.js" <<'JS'
const fs = require('fs'), path = require('path'), zlib = require('zlib');
const pipeline = require('util').promisify(require('stream').pipeline);
const src = process.env.IN;
async function main() {
  const fd = fs.openSync('sync', 'w+');
  for (let i = 0; i < 5000; ++i) fs.writeSync(fd, `line ${i}\n`);
  fs.writeSync(fd, 'HERE', 1000);
  console.log(fs.fstatSync(fd).size, fs.readFileSync('sync').length);
  fs.ftruncateSync(fd, 40000); fs.fsyncSync(fd); fs.closeSync(fd);
  fs.writeFileSync('file', fs.readFileSync(path.join(src, 'noise')));
  for (let i = 0; i < 100; ++i) fs.appendFileSync('file', `more ${i}\n`);
  fs.copyFileSync(path.join(src, 'noise'), 'copied');
  await fs.promises.copyFile(path.join(src, 'text'), 'copied-later');
  await fs.promises.writeFile('promised', 'p'.repeat(300000));
  await pipeline(fs.createReadStream(path.join(src, 'noise')), fs.createWriteStream('streamed'));
  await pipeline(fs.createReadStream(path.join(src, 'text')), zlib.createGzip({level: 1}), fs.createWriteStream('a.gz'));
  const out = fs.createWriteStream('events', {highWaterMark: 1000});
  for (let i = 0; i < 3000; ++i) if (!out.write(`event ${i}\n`)) await new Promise(r => out.once('drain', r));
  await new Promise(r => out.end(r));
  const h = await fs.promises.open('handle', 'w+');
  await h.writev([Buffer.alloc(70000, 'a'), Buffer.alloc(5, 'b')]); await h.write('xyz', 99); console.log((await h.stat()).size);
  await h.close();
  fs.writeFileSync('spawned', require('child_process').execFileSync('seq', ['3000']));
  require('child_process').spawnSync('seq', ['5000'], {stdio: ['ignore', fs.openSync('child', 'w'), 'inherit']});
}
main();
JS
}
run() { node "$BESIDE/s.js"; node -e 'for (let i = 0; i < 5000; ++i) console.log(i)' >stdout; }
title='node createWriteStream'
large() {
  node -e 'const out = require("fs").createWriteStream("a"), b = Buffer.alloc(10007, "x"); let n = 0;
    (function more() { while (n++ < 2000) if (!out.write(b)) return out.once("drain", more); out.end(); })()'
}
