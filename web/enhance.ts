import { BenchKeys } from './bench-keys.ts'
import { BusyForm } from './busy-form.ts'
import { EvidenceViewer } from './evidence-viewer.ts'
import { FileUpload } from './file-upload.ts'
import { KeepDraft, settleDrafts } from './keep-draft.ts'
import { SaveAnswer } from './save-answer.ts'

// Every page works without these; each element improves what is inside it. Words come from the page (data-*).
settleDrafts()
customElements.define('bench-keys', BenchKeys)
customElements.define('busy-form', BusyForm)
customElements.define('evidence-viewer', EvidenceViewer)
customElements.define('file-upload', FileUpload)
customElements.define('keep-draft', KeepDraft)
customElements.define('save-answer', SaveAnswer)
