"""One contract for every way besides push: what arrives, and what each way of failing is taken for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.dev.sockets import free_port
from notifications.channels.port import Ambiguous, Busy, DeadTarget, Refused, Retry, Sent, Text
from notifications.channels.sms import SmsChannel
from notifications.channels.smtp import MailServer, SmtpChannel
from notifications.messages.spoken import Said
from notifications.ways import CHANNELS, ChannelName
from tests.support.post_office import SENDER, Post

ADDRESS = {"email": "lan@example.com", "sms": "+84912345678", "zalo": "+84912345678"}
SAID = Said("Đã có kết quả hồ sơ", "Mở ứng dụng Một Cửa để xem.\n\nVì sao bạn nhận tin này.", "Mở ứng dụng Một Cửa để xem.")

# By channel: how it is made to fail, and what that is.
FAULTS: dict[ChannelName, list[tuple[dict[str, Any], type, str]]] = {
    "email": [
        ({"code": 550, "text": "5.1.1 nobody here"}, DeadTarget, "delivery"),
        ({"code": 550, "text": "5.2.1 disabled"}, DeadTarget, "delivery"),
        # A bare 550 may be about us as well as about the mailbox: nobody is retired for it.
        ({"code": 550, "text": "blocked"}, Refused, "delivery"),
        ({"code": 554, "text": "5.7.1 policy"}, Refused, "delivery"),
        ({"code": 451, "text": "4.7.1 greylisted"}, Retry, "delivery"),
        ({"code": 452, "text": "4.2.2 full"}, Retry, "delivery"),
        ({"code": 421, "text": "4.3.2 too many"}, Busy, "delivery"),
        ({"at": "mail", "code": 553, "text": "5.7.1 not your address"}, Retry, "project"),
        ({"at": "content", "code": 554, "text": "5.6.0 spam"}, Refused, "delivery"),
        ({"at": "content", "code": 451, "text": "4.3.0 disk"}, Retry, "delivery"),
        ({"at": "connect", "code": 554, "text": "no service"}, Retry, "project"),
        ({"drop": "before"}, Retry, "project"),
        ({"at": "content", "drop": "before"}, Ambiguous, "delivery"),
        ({"at": "content", "drop": "after"}, Ambiguous, "delivery"),
    ],
    "sms": [
        ({"code": 400, "text": "invalid_number"}, DeadTarget, "delivery"),
        ({"code": 400, "text": "unknown_subscriber"}, DeadTarget, "delivery"),
        ({"code": 400, "text": "bad_text"}, Refused, "delivery"),
        ({"code": 422, "text": "<html>"}, Refused, "delivery"),
        ({"code": 401}, Retry, "project"),
        ({"code": 402, "text": "no_credit"}, Retry, "project"),
        ({"code": 403}, Retry, "project"),
        ({"code": 404, "text": "<html>"}, Retry, "project"),
        ({"code": 429, "retryAfter": "30"}, Busy, "delivery"),
        ({"code": 503}, Busy, "delivery"),
        ({"code": 500}, Ambiguous, "delivery"),
        ({"code": 502, "text": "<html>"}, Ambiguous, "delivery"),
        ({"code": 302}, Ambiguous, "delivery"),
        ({"code": 200, "text": "<html>"}, Ambiguous, "delivery"),
        ({"code": 202, "text": '{"queued": true}'}, Ambiguous, "delivery"),
        ({"drop": "before"}, Ambiguous, "delivery"),
        ({"drop": "after"}, Ambiguous, "delivery"),
    ],
    "zalo": [
        # Nobody uses Zalo there, or nobody wants it from us: the number itself stays good.
        *(({"code": code}, Refused, "delivery") for code in (-108, -110, -114, -118, -119, -133, -139, -141)),
        *(({"code": code}, Refused, "delivery") for code in (-112, -116, -132)),
        *(({"code": code}, Retry, "project") for code in (-101, -105, -109, -117, -120, -131, -135)),
        *(({"code": code}, Busy, "delivery") for code in (-115, -126, -144, -147)),
        ({"code": -100}, Ambiguous, "delivery"),
        ({"code": -9999}, Ambiguous, "delivery"),
        ({"text": "<html>"}, Ambiguous, "delivery"),
        ({"text": '{"error": 0, "message": "Success"}'}, Ambiguous, "delivery"),
        ({"text": '{"error": "0"}'}, Ambiguous, "delivery"),
        ({"status": 403, "text": "<html>"}, Retry, "project"),
        ({"status": 429, "text": "<html>"}, Busy, "delivery"),
        ({"status": 502, "text": "<html>"}, Ambiguous, "delivery"),
        ({"at": "token", "code": -14014}, Retry, "project"),
        ({"at": "token", "drop": "before"}, Retry, "project"),
        ({"drop": "before"}, Ambiguous, "delivery"),
        ({"drop": "after"}, Ambiguous, "delivery"),
    ],
}
OFFERED = [name for name in CHANNELS if name in FAULTS]


def text_to(channel: ChannelName) -> Text:
    return Text("ref0001", ADDRESS[channel], "vi", SAID, None)


async def sent(post: Post, channel: ChannelName) -> Any:
    return await post.channels[channel].send(text_to(channel), now=datetime.now(UTC))


@pytest.mark.parametrize("channel", OFFERED)
async def test_what_is_accepted_arrives_once_and_where_it_was_meant_to(post_office: Post, channel: ChannelName) -> None:
    assert isinstance(await sent(post_office, channel), Sent)
    [arrived] = await post_office.arrived(channel)
    assert arrived["to"] == ADDRESS[channel]
    assert await post_office.arrived() == [arrived]


@pytest.mark.proves("I11", "I17")
@pytest.mark.parametrize(
    ("channel", "fault", "outcome", "scope"),
    [(channel, *fault) for channel in OFFERED for fault in FAULTS[channel]],
    ids=lambda value: str(value)[:60],
)
async def test_every_answer_means_one_thing(
    post_office: Post, channel: ChannelName, fault: dict[str, Any], outcome: type, scope: str
) -> None:
    await post_office.arm(channel=channel, times=1, **fault)
    answered = await sent(post_office, channel)
    assert type(answered) is outcome, answered
    assert getattr(answered, "scope", "delivery") == scope
    # It concerned one text; the next one goes.
    assert isinstance(await sent(post_office, channel), Sent)


@pytest.mark.proves("I27")
@pytest.mark.parametrize("channel", OFFERED)
async def test_no_answer_tells_an_address(post_office: Post, channel: ChannelName, capsys: pytest.CaptureFixture[str]) -> None:
    told = [repr(text_to(channel))]
    for fault, _, _ in FAULTS[channel]:
        await post_office.arm(channel=channel, times=1, **fault)
        told.append(repr(await sent(post_office, channel)))
    said = "".join([*told, capsys.readouterr().out])
    assert ADDRESS[channel] not in said
    assert "912345678" not in said
    assert SAID.title not in said


async def test_where_no_mail_server_listens_nothing_was_sent(anyio_backend: str) -> None:
    nowhere = SmtpChannel(MailServer("127.0.0.1", free_port(), "none"), sender=SENDER, sender_name="x")
    outcome = await nowhere.send(text_to("email"), now=datetime.now(UTC))
    assert isinstance(outcome, Retry)
    assert outcome.scope == "project"


@pytest.mark.proves("I27")
async def test_an_e_mail_is_plain_and_asks_nobody_to_answer(post_office: Post) -> None:
    await sent(post_office, "email")
    [arrived] = await post_office.arrived("email")
    assert (arrived["title"], arrived["text"].splitlines()) == (SAID.title, SAID.body.splitlines())
    source = arrived["raw"]
    for line in ("Message-ID: <ref0001@camau.example>", "Auto-Submitted: auto-generated", "Content-Language: vi"):
        assert line in source
    assert "text/html" not in source
    assert "http" not in source


async def test_where_no_gateway_listens_nothing_was_sent(anyio_backend: str) -> None:
    nowhere = SmsChannel(f"http://127.0.0.1:{free_port()}/sms", "t", brand="MOTCUA")
    outcome = await nowhere.send(text_to("sms"), now=datetime.now(UTC))
    await nowhere.close()
    assert isinstance(outcome, Retry)
    assert outcome.scope == "project"


@pytest.mark.proves("I20")
async def test_a_gateway_says_for_how_long_it_wants_to_be_left_alone(post_office: Post) -> None:
    await post_office.arm(channel="sms", code=429, retryAfter="30", times=1)
    assert await sent(post_office, "sms") == Busy("too_many", timedelta(seconds=30))


async def test_a_text_is_bare_letters_in_one_segment_from_our_name_and_without_a_link(post_office: Post) -> None:
    await sent(post_office, "sms")
    [arrived] = await post_office.arrived("sms")
    assert arrived["text"] == "Da co ket qua ho so. Mo ung dung Mot Cua de xem."
    assert arrived["title"] == "MOTCUA · 1 SMS"


async def test_the_gateway_knows_a_text_again(post_office: Post) -> None:
    await sent(post_office, "sms")
    assert await sent(post_office, "sms") == Sent("ref0001")
    assert len(await post_office.arrived("sms")) == 1


def test_a_mail_server_is_named_with_the_way_it_is_kept_secret() -> None:
    server = MailServer.of("smtps://hop-thu:m%40t@mail.example")
    assert (server.host, server.port, server.security, server.username, server.password) == (
        *("mail.example", 465, "tls", "hop-thu"),
        "m@t",
    )
    assert "m@t" not in repr(server)
    assert MailServer.of("smtp://mail.example").security == "starttls"
    for wrong in ("mail.example", "http://mail.example", "smtp://"):
        with pytest.raises(ValueError, match="smtps"):
            MailServer.of(wrong)
