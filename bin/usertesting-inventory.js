#!/usr/bin/env node
// The command of the package. Its settings file, its data and the state files are in the working directory.
import './check-node.mjs';

await import('../dist/program/main.js');
