#!/usr/bin/env node
// It is there before the first build, so that an install of a fresh clone can link it.
import './dist/bin.js'
