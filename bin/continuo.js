#!/usr/bin/env node
'use strict';

require('./launch.js')('continuo', 'main.js', 2);
