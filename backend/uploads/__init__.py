"""Uploads: files on their way in, over a network that breaks, until somebody above takes them.

    POST ─> receiving ──the last byte──> checking ──> ready ──attach──> attached      the file now belongs to the attaching document
              │  ^ PATCH, again and again   │           │
              │  └ cut: what came is kept   └> refused  └─ nobody took it for seven days
              └─ 24 hours                        (with a reason in plain words)            ──> expired, and gone

tus 1.0.0 (https://tus.io/protocols/resumable-upload) at `/v1/uploads`. A file is scanned for viruses, told by its content and, when
it is a picture, drawn anew, before anybody can load it. Owns `uploads` and `upload_segments`; emits nothing. Slices above call
`actions.attach` and hear nothing of tus.
"""
