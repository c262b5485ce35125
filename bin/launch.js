'use strict';

// Any Node since version 8 can read this file, so that a too old one gets a sentence and not a
// stack trace.
const needed = [24, 12];

function isOldEnough(version) {
  const parts = version.split('.').map(Number);
  return parts[0] > needed[0] || (parts[0] === needed[0] && parts[1] >= needed[1]);
}

/** Keeps compiled code for the next start in the user's cache folder. A failure only costs time. */
function keepCompiledCode(name) {
  const fs = require('fs');
  const path = require('path');
  try {
    const cache = process.env.XDG_CACHE_HOME || path.join(require('os').homedir(), '.cache');
    const folder = path.join(cache, 'continuo');
    // Made here, because Node would try for ever where no folder can be made (/proc).
    if (!fs.existsSync(cache)) fs.mkdirSync(cache);
    if (!fs.existsSync(folder)) fs.mkdirSync(folder);
    require('module').enableCompileCache(folder);
  } catch (error) {
    if (process.env.NODE_DEBUG) process.stderr.write(`${name}: no compile cache: ${error}\n`);
  }
}

/** Runs the program of this name that stands in `dist`, or says why it cannot, with this exit code. */
module.exports = function launch(name, bundle, exitCode) {
  const refuse = (sentence) => {
    process.stderr.write(`${name}: ${sentence}\n`);
    process.exitCode = exitCode;
  };
  if (!isOldEnough(process.versions.node)) {
    refuse(
      `this is Node ${process.versions.node}, and Node ${needed.join('.')} or newer is needed: ` +
        'get it from https://nodejs.org, or add it to your project with `npm install node@24`.',
    );
    return;
  }
  const main = require('path').join(__dirname, '..', 'dist', bundle);
  if (!require('fs').existsSync(main)) {
    refuse('this checkout is not built yet: run `npm run build` in it first.');
    return;
  }
  keepCompiledCode(name);
  require(main).main(process.argv.slice(2));
};
