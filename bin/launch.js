'use strict';

// Any Node since version 8 can read this file, so that a too old one gets a sentence and not a
// stack trace.
const needed = [24, 12];

function isOldEnough(version) {
  const parts = version.split('.').map(Number);
  return parts[0] > needed[0] || (parts[0] === needed[0] && parts[1] >= needed[1]);
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
  if (!require('fs').existsSync(require('path').join(__dirname, '..', 'dist', bundle))) {
    refuse('this checkout is not built yet: run `npm run build` in it first.');
    return;
  }
  const argv = process.argv.slice(2);
  const load = require('./kept-code.js')(name, argv);
  load(`./${bundle}`).main(argv);
};
