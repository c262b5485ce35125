#!/usr/bin/env node
'use strict';

require('./launch.js')('cix', 'cix.js', 5);
