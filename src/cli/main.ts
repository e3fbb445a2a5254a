#!/usr/bin/env node
// The gw command: see gw-command.ts.
import { launch } from './launch.js'

await launch('gw')
