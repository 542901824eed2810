"""How fast pushes leave: our sender beside firebase-admin's own, and the whole pipeline, over TLS to one server in another process.

    python bench/push.py                 everything, one table
    python bench/push.py --messages 5000 --rounds 1

Every sender runs in a fresh process, in turn, round after round; a ratio is the median of the rounds' ratios. The server is a small
one in Node (bench/fcm_lookalike.mjs) that counts what it accepted, because one in Python would be the slower of the two.
"""

import argparse
import asyncio
import json
import os
import resource
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from rich.console import Console
from rich.table import Table

from backend.dev.certificates import make_certificate
from notifications.channels.port import Push
from notifications.documents import Target

HERE = Path(__file__).parent
# Enough to keep a server busy that answers at once; one that takes 50 ms is given more.
IN_FLIGHT, IN_FLIGHT_SLOW = 300, 1_000


def pushes(count: int) -> list[Push]:
    life = datetime.now(UTC) + timedelta(days=1)
    return [
        Push(
            notice_id=f"{n:026d}",
            platform="android",
            target=Target(kind="fid", value=f"c{n:021d}"),
            category="dossier",
            urgent=False,
            title_key="dossier_accepted_title",
            body_key="dossier_accepted_body",
            expires_at=life,
        )
        for n in range(count)
    ]


async def everybody(recipients: Collection[str]) -> set[str]:
    """Consents: what is measured is the way, not who may go it."""
    return set(recipients)


async def fast(account: dict[str, Any], url: str, authority: Path, count: int, in_flight: int = IN_FLIGHT) -> dict[str, float]:
    from notifications.channels.fcm_fast import FastFcm
    from notifications.channels.port import Sent

    channel, now = FastFcm(account, endpoint=url, authority=authority), datetime.now(UTC)
    waiting = pushes(count)
    await channel.send(waiting[0], now=now)
    queue, sent = iter(waiting), 0

    async def hand() -> None:
        nonlocal sent
        for push in queue:
            accepted = isinstance(await channel.send(push, now=now), Sent)
            sent += accepted

    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(hand() for _ in range(in_flight)))
    figures = measured(started, cpu, sent)
    figures["connections"] = len(channel.connections)
    await channel.close()
    return figures


async def fast_slow(account: dict[str, Any], url: str, authority: Path, count: int) -> dict[str, float]:
    return await fast(account, url, authority, count, IN_FLIGHT_SLOW)


async def admin_async(account: dict[str, Any], url: str, _: Path, count: int) -> dict[str, float]:
    import firebase_admin
    from firebase_admin import messaging

    from notifications.channels.fcm_credentials import ServiceAccount
    from notifications.channels.fcm_message import fcm_message

    messaging._MessagingService.FCM_URL = f"{url}/v1/projects/{{0}}/messages:send"
    app, now = firebase_admin.initialize_app(ServiceAccount(account), {"projectId": account["project_id"]}), datetime.now(UTC)
    messages = [fcm_message(push, now=now) for push in pushes(count)]
    await messaging.send_each_async(messages[:1], app=app)
    started, cpu, sent = time.perf_counter(), time.process_time(), 0
    for first in range(0, count, 500):
        sent += (await messaging.send_each_async(messages[first : first + 500], app=app)).success_count
    return measured(started, cpu, sent)


def measured(started: float, cpu: float, sent: int) -> dict[str, float]:
    took = time.perf_counter() - started
    return {
        "per_s": sent / took,
        "cpu_us": (time.process_time() - cpu) / max(sent, 1) * 1e6,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "sent": sent,
    }


async def pipeline(_: dict[str, Any], url: str, authority: Path, count: int) -> dict[str, float]:
    """Two worker processes empty a queue of `count` deliveries: claim, send, record."""
    from beanie import init_beanie

    from backend.dev.mongod import Mongod
    from kernel.mongo.client import connect
    from notifications.documents import Delivery, InboxItem, Preferences, PushTarget

    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        mongod = await Mongod.start(Path(folder))
        client = connect(mongod.uri)
        db = client["bench"]
        await init_beanie(db, document_models=[Delivery, InboxItem, Preferences, PushTarget])
        await fill(db, count)
        # The ramp has been climbed: what is measured is full speed.
        full = {"_id": "fcm", "rate": 1e6, "tokens": 0.0, "at": datetime.now(UTC), "short": True}
        await db["fcm_permits"].replace_one({"_id": "fcm"}, full, upsert=True)
        workers = [one("worker", url, authority, count, uri=mongod.uri) for _ in range(2)]
        results = [json.loads(worker.communicate()[0]) for worker in workers]
        sent = await db["deliveries"].count_documents({"state": "sent"})
        times = {"_id": None, "a": {"$min": "$attempts.at"}, "b": {"$max": "$attempts.at"}}
        [span] = await (await db["deliveries"].aggregate([{"$unwind": "$attempts"}, {"$group": times}])).to_list()
        await client.close()
        await mongod.stop()
    took = (span["b"] - span["a"]).total_seconds()
    return {
        "per_s": sent / max(took, 0.001),
        "cpu_us": sum(result["cpu_s"] for result in results) / max(sent, 1) * 1e6,
        "rss_mb": max(result["rss_mb"] for result in results),
        "sent": sent,
    }


async def fill(db: Any, count: int) -> None:
    now = datetime.now(UTC)
    for first in range(0, count, 5_000):
        numbers = range(first, min(first + 5_000, count))
        await db["inbox"].insert_many(
            {"_id": f"n{n}", "recipient": f"r{n}", "message": "dossier.result_ready", "params": {"code": "x"}, "link": f"/d/{n}",
             "created_at": now, "expires_at": now + timedelta(days=1), "version": 1} for n in numbers
        )  # fmt: skip
        await db["push_targets"].insert_many(
            {"_id": f"i{n}", "recipient": f"r{n}", "platform": "android", "target": {"kind": "fid", "value": f"c{n:021d}"},
             "locale": "vi", "epoch": 1, "active": True, "registered_at": now, "refreshed_at": now, "version": 1} for n in numbers
        )  # fmt: skip
        await db["deliveries"].insert_many(
            {"_id": f"d{n}", "notice": f"n{n}", "recipient": f"r{n}", "installation": f"i{n}", "epoch": 1,
             "message": "dossier.result_ready", "group": f"g{n}", "lane": "normal", "planned": now, "state": "pending",
             "due": now, "tries": 0, "attempts": [], "version": 1} for n in numbers
        )  # fmt: skip


async def worker(account: dict[str, Any], url: str, authority: Path, _: int) -> dict[str, float]:
    from beanie import init_beanie

    from kernel.clock import SystemClock
    from kernel.mongo.client import connect
    from notifications.channels.fcm_fast import FastFcm
    from notifications.delivery.sender import Sender
    from notifications.documents import Delivery, InboxItem, Preferences, PushTarget

    client = connect(os.environ["BENCH_URI"])
    await init_beanie(client["bench"], document_models=[Delivery, InboxItem, Preferences, PushTarget], skip_indexes=True)
    channel = FastFcm(account, endpoint=url, authority=authority)
    cpu = time.process_time()
    await Sender(client["bench"], channel, SystemClock(), consenting=everybody, per_minute=6_000_000).drain()
    figures = {"cpu_s": time.process_time() - cpu, "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    await channel.close()
    await client.close()
    return figures


SENDERS = {"fast": fast, "fast_slow": fast_slow, "admin": admin_async, "pipeline": pipeline, "worker": worker}


def account_for(url: str) -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {
        "type": "service_account",
        "project_id": "bench",
        "private_key_id": "k",
        "private_key": pem,
        "client_email": "bench@bench.iam.gserviceaccount.com",
        "token_uri": f"{url}/token",
    }


def one(name: str, url: str, authority: Path, count: int, uri: str = "") -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SSL_CERT_FILE": str(authority), "REQUESTS_CA_BUNDLE": str(authority), "BENCH_URI": uri}
    command = [sys.executable, __file__, "--one", name, "--url", url, "--authority", str(authority), "--messages", str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)


def asked(url: str, authority: Path) -> dict[str, Any]:
    with urllib.request.urlopen(url, context=ssl.create_default_context(cafile=str(authority))) as answer:
        return dict(json.loads(answer.read()))


def run(name: str, url: str, authority: Path, count: int, delay_ms: int = 0) -> dict[str, float]:
    asked(f"{url}/delay?ms={delay_ms}", authority)
    asked(f"{url}/count", authority)
    figures: dict[str, float] = json.loads(one(name, url, authority, count).communicate()[0])
    accepted = asked(f"{url}/count", authority)["accepted"]
    if accepted < figures["sent"]:
        raise SystemExit(f"{name} claims {figures['sent']} and the server accepted {accepted}")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", choices=SENDERS)
    parser.add_argument("--url")
    parser.add_argument("--authority", type=Path)
    chosen = parser.parse_args()
    if chosen.one:
        figures = asyncio.run(SENDERS[chosen.one](account_for(chosen.url), chosen.url, chosen.authority, chosen.messages))
        print(json.dumps(figures))
        return
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        made = make_certificate(Path(folder))
        server = subprocess.Popen(["node", str(HERE / "fcm_lookalike.mjs"), str(made.key), str(made.chain)], stdout=subprocess.PIPE)
        assert server.stdout
        try:
            url = f"https://127.0.0.1:{json.loads(server.stdout.readline())['port']}"
            table(url, made.authority, chosen.messages, chosen.rounds)
        finally:
            server.terminate()


def table(url: str, authority: Path, count: int, rounds: int) -> None:
    figures: dict[str, list[dict[str, float]]] = {}
    for _ in range(rounds):
        for label, name, messages, delay_ms in (
            ("firebase-admin send_each_async", "admin", count // 4, 0),
            ("ours", "fast", count, 0),
            ("ours, server takes 50 ms", "fast_slow", count, 50),
            ("pipeline, two workers", "pipeline", count, 0),
        ):
            figures.setdefault(label, []).append(run(name, url, authority, messages, delay_ms))
    peer = figures["firebase-admin send_each_async"]
    shown = Table("sender", "messages/s", "x", "CPU a message", "RSS", title=f"{count:,} messages over TLS, {os.cpu_count()} cores")
    for label, rows in figures.items():
        times = statistics.median(row["per_s"] / other["per_s"] for row, other in zip(rows, peer, strict=True))
        per_s, cpu, rss = (statistics.median(row[key] for row in rows) for key in ("per_s", "cpu_us", "rss_mb"))
        shown.add_row(label, f"{per_s:,.0f}", f"{times:.1f}", f"{cpu:.0f} us", f"{rss:.0f} MB")
    Console().print(shown)


if __name__ == "__main__":
    main()
