#!/usr/bin/env node
// gw under the name kong: see kong-command.ts.
import { launch } from './launch.js'

await launch('kong')
