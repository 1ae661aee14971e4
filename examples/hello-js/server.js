#!/usr/bin/node
// hello-js answers "Hello World!" on /. HOST and PORT in the environment choose where it listens.
// SPDX-License-Identifier: Apache-2.0
const express = require('/usr/lib/node_modules/express')

const { HOST = '0.0.0.0', PORT = '8080' } = process.env
const app = express()

app.get('/', (request, response) => response.type('text/plain').send('Hello World!\n'))
app.listen(Number(PORT), HOST, () => console.log(`listening on ${HOST}:${PORT}`))
