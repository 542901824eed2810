"""The assembly: from settings and slices to an API and a worker.

clients_file, connections   what the settings name
parts      the long-lived things every process shares: database, clock, keys, the list of slices
factory    the Litestar app                worker    relay and sender
serving    either of them as a process     openapi   what the app says of itself
"""
