'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const vm = require('vm');

const dist = path.join(__dirname, '..', 'dist');
/** By then a command has begun in earnest; later, V8 drops code that has not run for a while. */
const begunMs = 2000;
const monthMs = 30 * 24 * 3600 * 1000;

/**
 * What loads parts of the bundle by their names, with the code that was compiled of them when this
 * command ran before. Node's own compile cache keeps what there is before a part runs, which is next
 * to nothing: V8 compiles a function when it is first called.
 */
module.exports = function loader(program, argv) {
  const kept = process.env.NODE_DISABLE_COMPILE_CACHE ? undefined : placeOf(program, argv);
  const loaded = new Map();
  const fresh = new Map();
  const load = (name) => {
    if (!name.startsWith('./')) return require(name);
    const before = loaded.get(name);
    if (before) return before.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    const filename = path.join(dist, name);
    const text = fs.readFileSync(filename, 'utf8');
    const file = kept && `${kept}${path.basename(name)}-${text.slice(-16)}`;
    const cachedData = file && readIfThere(file);
    const script = new vm.Script(text, { filename, cachedData });
    // V8 has looked whether it was compiled by the same V8 with the same flags.
    if (file && (!cachedData || script.cachedDataRejected)) fresh.set(file, script);
    script.runInThisContext()(load, module, filename, dist);
    return module.exports;
  };
  const keep = () => {
    keepAll(fresh, program);
    fresh.clear();
  };
  setTimeout(keep, begunMs).unref();
  // Wrong usage comes to its end before most of a command has run.
  process.on('exit', (code) => code <= 1 && keep());
  return load;
};

/** How the names of files with compiled code begin: what one command runs is much, and all of them too much to load. */
function placeOf(program, argv) {
  const folder = ownFolder();
  if (!folder) return undefined;
  const asksForHelp = argv.includes('--help') || argv.includes('-h');
  const command = !asksForHelp && /^[a-z]+$/.test(argv[0]) ? argv[0] : 'help';
  const name = `${process.version}-${process.arch}-${program}-${command}-`;
  return path.join(folder, name);
}

/**
 * `continuo` in the user's cache folder (XDG Base Directory Specification, which has relative paths ignored). None where that is
 * somebody else's, as under `sudo` with the home of its caller: what is in it would be run, and what is put there be in their way.
 */
function ownFolder() {
  try {
    const xdg = process.env.XDG_CACHE_HOME;
    const cache = xdg && path.isAbsolute(xdg) ? xdg : path.join(os.homedir(), '.cache');
    const folder = path.join(cache, 'continuo');
    const there = [folder, cache, path.dirname(cache)].find((one) => fs.existsSync(one));
    return there && fs.statSync(there).uid === process.getuid() ? folder : undefined;
  } catch {
    // Whom no list of users knows has no home.
    return undefined;
  }
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

/** A failure only costs time, at the next start. */
function keepAll(scripts, program) {
  try {
    const [any] = scripts.keys();
    if (any) tidyFolder(path.dirname(any));
    for (const [file, script] of scripts) {
      const unfinished = `${file}.${process.pid}`;
      // V8 believes what is in it, so that nothing half written may ever have its name.
      fs.writeFileSync(unfinished, script.createCachedData(), { mode: 0o600, flush: true });
      fs.renameSync(unfinished, file);
    }
  } catch (error) {
    if (process.env.NODE_DEBUG)
      process.stderr.write(`${program}: compiled code is not kept: ${error}\n`);
  }
}

/** Makes the folder, or takes what has been there for long out of it: every version leaves its code behind. */
function tidyFolder(folder) {
  // One by one, because Node would try for ever where no folder can be made (/proc).
  for (const each of [path.dirname(folder), folder])
    if (!fs.existsSync(each)) fs.mkdirSync(each, { mode: 0o700 });
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const { mtimeMs } = fs.statSync(file);
    if (Date.now() - mtimeMs > monthMs) fs.rmSync(file, { recursive: true });
  }
}
