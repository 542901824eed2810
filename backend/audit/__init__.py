"""The audit trail: who did what to whose data, and why, kept so that nobody can bend it (SEC-67..71).

    any room ── kernel.audit.Audit.record ──> actions/record ── one insert ──> records  r1 <- r2 <- r3   a chain a writer and day
                                                   └────────> second copy (JSON lines, forced to the disk, shipped elsewhere)
    worker ───> actions/follow: whatever is new, from where each reader was ──> syslog; "somebody looked" to who wants to know
    worker ───> actions/anchor: the heads of all chains, itself a chain ──> anchors      a1 <- a2
    operator ─> motcua audit retire: days older than the retention table go to an archive, an anchor says how they ended
    operator ─> motcua audit verify: every edit, deletion, reordering, cut tail by its place
    citizen ──> GET /v1/me/access-log          inspector ──> GET /v1/staff/audit

The trail lies in a database of its own, `<database>_audit`, whose user may insert and find (`motcua audit role`). No personal value
can be read in it: there are opaque ids, names of fields, and what a change made of a personal value as ciphertext under its
citizen's key. Erasing a citizen leaves every chain valid, and those values noise. Emits nothing, hears nothing.
"""
