# SPDX-License-Identifier: AGPL-3.0-or-later
"""The warm browser by itself, driven as simply as can be: what platen's own
time for HTML is compared with."""
import base64
import json
import os
import shutil
import subprocess
import tempfile

SHELL = "/usr/bin/chromium-headless-shell"
NOBODY = 65534


class Browser:
    def __init__(self):
        self.home = tempfile.mkdtemp()
        os.chmod(self.home, 0o777)
        self.last_id = 0
        self.pending = b""
        command_in, self.commands = os.pipe()
        self.answers, answer_out = os.pipe()
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec 3<&{command_in} 4>&{answer_out};"
             f"exec {SHELL} --remote-debugging-pipe --disable-gpu "
             f"--no-first-run --font-render-hinting=none "
             f"--user-data-dir={self.home}/profile"],
            pass_fds=(command_in, answer_out), stderr=subprocess.DEVNULL,
            env={"HOME": self.home, "PATH": "/usr/bin:/bin"},
            **({"user": NOBODY, "group": NOBODY, "extra_groups": []}
               if os.geteuid() == 0 else {}))
        os.close(command_in)
        os.close(answer_out)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        shutil.rmtree(self.home, ignore_errors=True)

    def send(self, method, session=None, **params):
        self.last_id += 1
        command = {"id": self.last_id, "method": method, "params": params}
        if session:
            command["sessionId"] = session
        data = json.dumps(command).encode() + b"\0"
        while data:
            data = data[os.write(self.commands, data):]
        return self.last_id

    def read(self):
        while b"\0" not in self.pending:
            data = os.read(self.answers, 1 << 20)
            if not data:
                raise OSError("the browser ended")
            self.pending += data
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        number = self.send(method, session, **params)
        while True:
            message = self.read()
            if message.get("id") == number:
                return message["result"]

    def wait(self, event, on_paused):
        while True:
            message = self.read()
            if message.get("method") == "Fetch.requestPaused":
                on_paused(message["sessionId"], message["params"])
            if message.get("method") == event:
                return

    def print(self, html, find):
        """The PDF. find(url): the type and the bytes of a picture of the mail,
        or (None, None)."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank",
                           browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target,
                            flatten=True)["sessionId"]
        self.call("Page.enable", session)
        self.call("Emulation.setScriptExecutionDisabled", session, value=True)
        self.call("Fetch.enable", session, patterns=[{"urlPattern": "*"}])

        def answer(to, paused):
            url = paused["request"]["url"]
            kind, data = (("text/html; charset=utf-8", html)
                          if url == "http://mail.invalid/" else find(url))
            if not kind:
                self.send("Fetch.failRequest", to, errorReason="Failed",
                          requestId=paused["requestId"])
                return
            self.send("Fetch.fulfillRequest", to, responseCode=200,
                      requestId=paused["requestId"],
                      responseHeaders=[{"name": "Content-Type",
                                        "value": kind}],
                      body=base64.b64encode(data).decode())

        self.send("Page.navigate", session, url="http://mail.invalid/")
        self.wait("Page.loadEventFired", answer)
        self.send("Emulation.setVirtualTimePolicy", session, budget=1000,
                  policy="pauseIfNetworkFetchesPending")
        self.wait("Emulation.virtualTimeBudgetExpired", answer)
        stream = self.call("Page.printToPDF", session, printBackground=True,
                           generateTaggedPDF=False,
                           transferMode="ReturnAsStream", paperWidth=8.27,
                           paperHeight=11.69)["stream"]
        pdf = b""
        while True:
            piece = self.call("IO.read", session, handle=stream, size=1 << 20)
            pdf += base64.b64decode(piece["data"])
            if piece["eof"]:
                break
        self.call("Target.disposeBrowserContext", browserContextId=context)
        return pdf
