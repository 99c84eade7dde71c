"""A browser as far as the API can tell: one cookie jar, an Origin, the CSRF token of its session."""
import base64
import hashlib
import hmac
import struct
import time

import requests

import leaks

PASSWORD = "correct horse battery staple"


def totp(secret, step=0):
    """RFC 6238, as an authenticator computes it; `step` away from now."""
    counter = int(time.time()) // 30 + step
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff) % 1000000)


class Browser:
    def __init__(self, latchkey):
        self.latchkey, self.session, self.csrf = latchkey, requests.Session(), None
        self.origin = latchkey.api

    def ask(self, method, path, body=None, csrf=True, origin=True, headers=None):
        sent = {}
        if origin is not None and method != "GET":
            sent["Origin"] = self.origin if origin is True else origin
        if csrf is not None and self.csrf and method != "GET":
            sent["X-Latchkey-Csrf"] = self.csrf if csrf is True else csrf
        sent.update(headers or {})
        answer = self.session.request(method, self.latchkey.api + path, json=body, headers=sent, timeout=60)
        leaks.notice_answer(answer, "%s %s of a browser" % (method, path))
        return answer

    def sign_in(self, email, password=PASSWORD, **more):
        leaks.note(password, "a password of " + email)
        answer = self.ask("POST", "/v2/sessions", {"email": email, "password": password, **more})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrfToken"]
        return answer

    def prove(self, password=PASSWORD, **more):
        return self.ask("POST", "/v2/sessions/current/proof", {"password": password, **more})

    @property
    def cookie(self):
        return self.session.cookies.get("latchkey")


def behind(link):
    """The secret that browsers keep to themselves."""
    page, _, secret = link.strip().partition("#")
    assert len(secret) == 64, link
    return page, secret
