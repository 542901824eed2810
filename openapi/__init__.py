"""The contract: what the framework generates, mended until an app developer can live from it.

    Litestar's document ──compiler──> openapi.json (committed, served) ──docs_page──> /docs, one page without a script

Works on documents only and imports nothing of ours.
"""
