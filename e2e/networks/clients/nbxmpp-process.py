"""Gajim's XMPP library in a process of its own: orders come as lines of JSON, and so do reports (client-process.ts).

It signs in again a second after it lost its connection, and resumes its stream where the server lets it (XEP-0198).
"""
import json
import os
import sys
from urllib.parse import unquote, urlsplit

from gi.repository import GLib
from nbxmpp.client import Client
from nbxmpp.const import ConnectionProtocol, ConnectionType, StreamState
from nbxmpp.protocol import JID, Message, Presence
from nbxmpp.structs import ProxyData

SIGN_IN_AGAIN_S = 1

client = None


def report(**fields):
    print(json.dumps(fields), flush=True)


def proxy_of_the_system():
    """What the environment says, as Gajim's settings would."""
    address = os.environ.get("HTTPS_PROXY")
    if not address:
        return None
    parts = urlsplit(address)
    name = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return ProxyData(parts.scheme, f"{parts.hostname}:{parts.port}", name, password)


def start(order):
    global client
    client = Client("matrix")
    name, domain = order["jid"].split("@")
    client.set_username(name)
    client.set_domain(domain)
    client.set_resource("nbxmpp")
    client.set_password(order["password"])
    client.set_connection_types([ConnectionType.PLAIN])
    client.set_protocols([ConnectionProtocol.TCP])
    client.set_custom_host(order["host"], ConnectionProtocol.TCP, ConnectionType.PLAIN)
    proxy = proxy_of_the_system()
    if proxy:
        client.set_proxy(proxy)
    client.subscribe("connected", signed_in)
    client.subscribe("resume-successful", lambda *_: report(type="online", isSame=True))
    client.subscribe("disconnected", lost)
    client.subscribe("connection-failed", lost)
    client.subscribe("stanza-received", heard)
    client.connect()


def signed_in(*_):
    client.send_stanza(Presence())
    report(type="online", isSame=False)


def lost(*_):
    _, error, text = client.get_error()
    report(type="offline", condition=str(text or error or "disconnected"))

    def sign_in_again():
        if client.state == StreamState.DISCONNECTED:
            client.connect()
        return GLib.SOURCE_REMOVE

    GLib.timeout_add_seconds(SIGN_IN_AGAIN_S, sign_in_again)


def heard(_client, _signal, stanza):
    body = stanza.getTagData("body")
    if stanza.getName() == "message" and body:
        report(type="received", **{"from": stanza.getAttr("from"), "body": body})


def send(order):
    client.send_stanza(Message(to=JID.from_string(order["to"]), body=order["body"], typ="chat"))


def take(source, _condition):
    line = source.readline()
    if not line:
        loop.quit()
        return False
    order = json.loads(line)
    start(order) if order["type"] == "connect" else send(order)
    return True


loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, take)
loop.run()
