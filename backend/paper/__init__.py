"""Paper: official letters as PDF, typeset from data, with one layout for all of them (Decree 30/2020, Annex I).

    Letter (what it says) ──typeset──> PDF/A, Vietnamese set right, a QR code where the letter has one

Owns nothing that is stored, emits nothing, hears nothing. What a letter says is its slice's business (backend/dossiers/forms.py).
"""
