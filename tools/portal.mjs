#!/usr/bin/env node
// The Portal on its way into the program. Nothing is written beside the sources in portal/: they are
// copied, built where the copy is, and packed as C.
//
// usage: node tools/portal.mjs prepare SOURCE WORK          copies SOURCE to WORK/portal, installs its packages there
//        node tools/portal.mjs pack DIST OUT.c              writes the files of DIST as C
//        node tools/portal.mjs build SOURCE WORK OUT.c OUT.d  both, with npm run build between them; OUT.d
//                                                           says to ninja what OUT.c depends on
//
// Needs Node 18 and npm. The same files give the same bytes.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'

const NODE_LEAST = 18
const NOT_SOURCES = new Set(['node_modules', 'dist', '.vite', 'coverage'])

const TYPES = {
    '.css': 'text/css; charset=UTF-8',
    '.html': 'text/html; charset=UTF-8',
    '.ico': 'image/x-icon',
    '.js': 'text/javascript; charset=UTF-8',
    '.json': 'application/json; charset=UTF-8',
    '.png': 'image/png',
    '.svg': 'image/svg+xml',
    '.txt': 'text/plain; charset=UTF-8',
    '.webmanifest': 'application/manifest+json',
    '.woff2': 'font/woff2',
}

function fail(text) {
    console.error(`portal: ${text}`)
    process.exit(1)
}

// Every file and folder below, in an order that does not depend on the machine; folders end in '/'.
function below(folder, name = '') {
    const found = []
    for (const e of fs.readdirSync(path.join(folder, name), { withFileTypes: true })) {
        const inside = name ? `${name}/${e.name}` : e.name
        if (!name && NOT_SOURCES.has(e.name)) continue
        if (e.isDirectory()) found.push(`${inside}/`, ...below(folder, inside))
        else found.push(inside)
    }
    return found.sort((a, b) => (a < b ? -1 : 1))
}

// --- building ---

function npm(work, words) {
    const { FORCE_COLOR: _, ...given } = process.env
    const env = { ...given, NODE_ENV: '', NO_COLOR: '1', NO_UPDATE_NOTIFIER: '1' }
    const done = spawnSync('npm', words, { cwd: work, stdio: ['ignore', 'inherit', 'inherit'], env })
    if (done.error) fail(`npm does not start: ${done.error.message}`)
    if (done.status !== 0) fail(`npm ${words.join(' ')} failed in ${work}`)
}

// What was copied earlier and is no source any more goes away; the packages stay.
function copy(source, work) {
    fs.mkdirSync(work, { recursive: true })
    for (const name of fs.readdirSync(work)) {
        if (name !== 'node_modules' && name !== 'installed') fs.rmSync(path.join(work, name), { recursive: true })
    }
    for (const name of below(source)) {
        const to = path.join(work, name)
        if (name.endsWith('/')) fs.mkdirSync(to, { recursive: true })
        else fs.copyFileSync(path.join(source, name), to)
    }
}

// What the app takes from the rest of the project, such as lists that are written once for both: relative
// imports that lead out of SOURCE, by their path from beside it.
function outside(source) {
    const found = new Set()
    for (const name of below(source)) {
        if (!/\.tsx?$/.test(name)) continue
        for (const [, to] of fs.readFileSync(path.join(source, name), 'utf8').matchAll(/from '(\.\.\/[^']+)'/g)) {
            const from = path.relative(path.dirname(source), path.resolve(source, path.dirname(name), to))
            if (from.startsWith('..')) fail(`${name}: ${to} is outside of the project`)
            if (from.split(path.sep)[0] !== path.basename(source)) found.add(from)
        }
    }
    return [...found].sort()
}

function copyOutside(source, work) {
    for (const name of outside(source)) {
        const to = path.join(path.dirname(work), name)
        fs.mkdirSync(path.dirname(to), { recursive: true })
        fs.copyFileSync(path.join(path.dirname(source), name), to)
    }
}

function install(work) {
    const stamp = path.join(work, 'installed')
    const wanted = createHash('sha256')
    for (const name of ['package.json', 'package-lock.json']) wanted.update(fs.readFileSync(path.join(work, name)))
    const id = `${wanted.digest('hex')} ${process.version}\n`
    if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === id) return
    fs.rmSync(stamp, { force: true })
    npm(work, ['ci', '--silent', '--no-fund', '--no-audit', '--ignore-scripts'])
    fs.writeFileSync(stamp, id)
}

function prepare(source, work) {
    if (Number(process.versions.node.split('.')[0]) < NODE_LEAST)
        fail(`Node ${process.versions.node} is too old: ${NODE_LEAST} or newer is needed, or -Dportal=disabled`)
    if (!fs.existsSync(path.join(source, 'package-lock.json'))) fail(`${source} holds no package-lock.json`)
    const copied = path.join(work, path.basename(source))
    copy(source, copied)
    copyOutside(source, copied)
    install(copied)
    return copied
}

// --- packing ---

// One literal; a digit or '?' after an escape would be read with it.
function literal(bytes) {
    const lines = []
    for (let at = 0; at < bytes.length; at += 80) {
        let line = ''
        for (const b of bytes.subarray(at, at + 80)) {
            const c = String.fromCharCode(b)
            const plain = b >= 32 && b < 127 && !'"\\?'.includes(c)
            line += plain ? c : `\\${b.toString(8).padStart(3, '0')}`
        }
        lines.push(`        "${line}"`)
    }
    return lines.length ? lines.join('\n') : '        ""'
}

function brotli(raw) {
    const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants
    return zlib.brotliCompressSync(raw, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_SIZE_HINT]: raw.length } })
}

// The system that a gzip header names is nobody's business and differs between builds.
function gzip(raw) {
    const packed = zlib.gzipSync(raw, { level: 9 })
    packed[9] = 255
    return packed
}

function body(coding, bytes) {
    const etag = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
    return `    [CODING_${coding.toUpperCase()}] = {\n${literal(bytes)},\n        ${bytes.length}, "${etag}-${coding}"},\n`
}

function row(dist, name) {
    const raw = fs.readFileSync(path.join(dist, name))
    const type = TYPES[path.extname(name)]
    if (!type) fail(`${name}: no content type is known for this kind of file (tools/portal.mjs)`)
    if (!/^[A-Za-z0-9._/-]+$/.test(name)) fail(`${name}: such a name is not served`)
    const lasting = /^assets\/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(name)
    let text = `{"/${name}", "${type}", ${lasting}, {\n`
    for (const [coding, bytes] of [['br', brotli(raw)], ['gzip', gzip(raw)]]) {
        if (bytes.length < raw.length) text += body(coding, bytes)
    }
    return `${text}${body('identity', raw)}}},\n`
}

function pack(dist, out) {
    const files = below(dist).filter((name) => !name.endsWith('/'))
    if (!files.includes('index.html')) fail(`${dist} holds no index.html`)
    const text =
        '/* The files of the Portal; made by tools/portal.mjs. */\n#include "portal/files.h"\n\n' +
        'static const struct portal_file rows[] = {\n' +
        files.map((name) => row(dist, name)).join('') +
        '};\n\nconst struct portal_files portal_files = {rows, sizeof rows / sizeof *rows};\n'
    fs.writeFileSync(out, text)
}

function escaped(name) {
    return name.replace(/([ #\\])/g, '\\$1').replace(/\$/g, '$$$$')
}

// Folders, too: a file that is new in one of them makes it newer.
function depend(source, out, depfile) {
    const beside = outside(source).map((name) => path.join('..', name))
    const names = ['', ...below(source), ...beside].map((name) => escaped(path.join(source, name).replace(/\/$/, '')))
    fs.writeFileSync(depfile, `${escaped(out)}: ${names.join(' ')}\n`)
}

function build(source, work, out, depfile) {
    const copied = prepare(source, work)
    npm(copied, ['run', '--silent', 'build'])
    pack(path.join(copied, 'dist'), out)
    depend(source, out, depfile)
}

const [command, ...words] = process.argv.slice(2)
const commands = { prepare: [prepare, 2], pack: [pack, 2], build: [build, 4] }
if (!commands[command] || words.length !== commands[command][1]) fail('say prepare, pack or build, and where; see the top of this file')
commands[command][0](...words)
