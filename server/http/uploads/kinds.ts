// What may be handed in: one row a kind. `declared` is what browsers and phones say beside the type itself; `sniffed` is what the bytes say.
const office = 'application/vnd.openxmlformats-officedocument.'
const zips = ['application/zip', 'application/x-zip-compressed']

export const fileKinds = [
  { kind: 'pdf', type: 'application/pdf', extensions: ['pdf'], declared: ['application/x-pdf'], sniffed: ['application/pdf'] },
  { kind: 'jpeg', type: 'image/jpeg', extensions: ['jpg', 'jpeg', 'jpe', 'jfif'], declared: ['image/jpg', 'image/pjpeg'], sniffed: ['image/jpeg'] },
  { kind: 'png', type: 'image/png', extensions: ['png'], declared: ['image/x-png'], sniffed: ['image/png', 'image/apng'] },
  { kind: 'heic', type: 'image/heic', extensions: ['heic', 'heif'], declared: ['image/heif'], sniffed: ['image/heic', 'image/heif'] },
  { kind: 'webp', type: 'image/webp', extensions: ['webp'], declared: [], sniffed: ['image/webp'] },
  { kind: 'xlsx', type: `${office}spreadsheetml.sheet`, extensions: ['xlsx'], declared: ['application/vnd.ms-excel', ...zips], sniffed: [] },
  { kind: 'docx', type: `${office}wordprocessingml.document`, extensions: ['docx'], declared: ['application/msword', ...zips], sniffed: [] },
  { kind: 'pptx', type: `${office}presentationml.presentation`, extensions: ['pptx'], declared: ['application/vnd.ms-powerpoint', ...zips], sniffed: [] },
  { kind: 'csv', type: 'text/csv', extensions: ['csv'],
    declared: ['application/csv', 'text/comma-separated-values', 'application/vnd.ms-excel', 'text/plain'], sniffed: [] },
  { kind: 'txt', type: 'text/plain', extensions: ['txt'], declared: [], sniffed: [] },
] as const satisfies readonly Row[]

/** What a recorder in a browser makes: taken from field notebooks only. Sound comes in the containers of films, and those sniff as films. */
export const soundKinds = [
  { kind: 'webm', type: 'audio/webm', extensions: ['webm'], declared: ['video/webm'], sniffed: ['video/webm', 'audio/webm'] },
  { kind: 'ogg', type: 'audio/ogg', extensions: ['ogg', 'oga', 'opus'], declared: ['application/ogg', 'audio/opus'], sniffed: ['audio/ogg', 'audio/ogg; codecs=opus', 'application/ogg'] },
  { kind: 'm4a', type: 'audio/mp4', extensions: ['m4a', 'mp4'], declared: ['audio/x-m4a', 'audio/m4a', 'audio/aac', 'video/mp4'], sniffed: ['audio/x-m4a', 'audio/mp4', 'video/mp4'] },
] as const satisfies readonly Row[]

export type FileKind = (typeof fileKinds)[number]['kind'] | (typeof soundKinds)[number]['kind']
export type KindRow = Row & { kind: FileKind }
type Row = { kind: string; type: string; extensions: readonly string[]; declared: readonly string[]; sniffed: readonly string[] }

/** For the `accept` of a file input: '.pdf,.jpg,…'. */
export const acceptedExtensions = fileKinds.flatMap(row => row.extensions).map(extension => `.${extension}`).join(',')

/** The kind a name claims to be. */
export function kindNamed(name: string): KindRow | undefined {
  const extension = extensionOf(name)
  return fileKinds.find(row => row.extensions.some(known => known === extension))
}

/** What is taken on site, by the type that the device says: pictures and sound. */
export const kindTakenOnSite = (type: string): KindRow | undefined =>
  [...fileKinds.filter(row => row.type.startsWith('image/')), ...soundKinds].find(row => [row.type, ...row.declared].includes(withoutParameters(type)))

/** The kind of a stored type, parameters allowed: 'text/csv; charset=shift_jis' is csv. */
export const kindOfType = (type: string): FileKind | undefined => fileKinds.find(row => row.type === withoutParameters(type))?.kind

/** Whether the sender's type fits. Nothing, or "some bytes", claims nothing: phones and curl say that of any file. */
export function mayBeDeclared(row: KindRow, declared: string): boolean {
  const type = withoutParameters(declared)
  return ['', 'application/octet-stream', 'binary/octet-stream', row.type, ...row.declared].includes(type)
}

const runs = new Set([
  'exe', 'com', 'scr', 'pif', 'bat', 'cmd', 'msi', 'msp', 'dll', 'cpl', 'lnk', 'reg', 'hta', 'js', 'mjs', 'jse', 'vbs', 'vbe', 'wsf', 'wsh', 'ps1', 'sh',
  'bash', 'command', 'app', 'dmg', 'pkg', 'deb', 'rpm', 'apk', 'jar', 'class', 'elf', 'so', 'dylib', 'wasm', 'py', 'pl', 'php', 'rb',
  'docm', 'dotm', 'xlsm', 'xltm', 'xlam', 'xlsb', 'xll', 'pptm', 'potm', 'ppsm', 'ppam',
])

/** Names of things that run, office files with macros among them. */
export const isNameOfProgram = (name: string): boolean => runs.has(extensionOf(name))

const programs = new Set(['application/x-msdownload', 'application/x-elf', 'application/x-mach-binary', 'application/wasm', 'application/java-vm',
  'application/x-ms-shortcut', 'application/x-deb', 'application/x-rpm', 'application/java-archive', 'application/vnd.android.package-archive'])

/** Content that runs, whatever it is called. */
export const isProgram = (sniffed: string): boolean => programs.has(sniffed)

const extensionOf = (name: string) => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''

const withoutParameters = (type: string) => (type.split(';', 1)[0] ?? '').trim().toLowerCase()
