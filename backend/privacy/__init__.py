"""Privacy: what a citizen may ask about their own data, and what the house owes of itself (Law 91/2025/QH15, Decree 356/2025).

    consents      a purpose that needs one ──PUT──> Consent: one row a decision, the last one counts
    exports       POST ──> queued ──worker──> ready: one sealed archive, offered once, for a day
    erasure       requested ─> acknowledged ─> waiting ─> erasing ─> done     the saga forgets, sweeps every slice, destroys the key
                        └─ taken back while nothing has begun; deferred while a case is open; refused with a reason
    data requests requested ─> acknowledged ─> done, or in force while a restriction stands; taken back, refused with a reason
    retention     data/retention.json ──motcua privacy retention──> deleted or anonymised
    breaches      detected ──72 hours──> notice

Emits `privacy.request_answered`, hears it, and tells the citizen.

Owns `consents`, `erasure_requests`, `data_requests`, `exports`, `breaches`. Every other slice takes part through its `PersonalData`
port and never hears of this one.
"""
