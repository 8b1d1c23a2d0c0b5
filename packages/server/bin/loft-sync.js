#!/usr/bin/env node
/// <reference types="node" />
'use strict';
// A file that is there before anything is built, so that npm can link the command when it installs. A published package
// also has the commands as one file, which loads faster than many; a checkout does not.
const { existsSync } = require('node:fs');

const oneFile = `${__dirname}/../dist/program.cjs`;
if (existsSync(oneFile)) require(oneFile);
// oxlint-disable-next-line no-restricted-imports -- its own package is built
else void import('../dist/main.js');
