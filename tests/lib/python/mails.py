# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mails and the documents in them, and clients that send them."""
import email.policy
import io
import itertools
import re
import smtplib
import subprocess
import time
from dataclasses import dataclass
from email.message import EmailMessage

from PIL import Image

from programs import DOMAIN, SENDER

CRLF = email.policy.SMTP
numbers = itertools.count(1)


def message(subject="A letter", text=None, html=None, to="lobby",
            attachments=(), sender=SENDER):
    """attachments: (bytes, "application/pdf", name)."""
    mail = EmailMessage(policy=CRLF)
    mail["From"] = sender
    mail["To"] = f"{to}@{DOMAIN}"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{next(numbers)}.{time.time_ns()}@example.org>"
    if text is not None:
        mail.set_content(text)
    if html is not None and text is None:
        mail.set_content(html, subtype="html")
    elif html is not None:
        mail.add_alternative(html, subtype="html")
    for data, kind, name in attachments:
        main, sub = kind.split("/")
        if mail.get_content_type() == "text/plain" and not mail.get_payload():
            mail.set_content("")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail


@dataclass
class Reply:
    """The last word of the server on one message."""
    code: int
    text: str

    @property
    def is_accepted(self):
        return self.code == 250

    @property
    def jobs(self):
        return [int(n) for n in re.findall(r"\d+", self.text.partition(
            "accepted as job")[2])]

    @property
    def job(self):
        assert self.is_accepted and len(self.jobs) == 1, self
        return self.jobs[0]


def send(port, mail, to=("lobby",), sender=SENDER, timeout=60):
    """One message by SMTP; the first refusal, or the answer to its data."""
    to = (to,) if isinstance(to, str) else to
    data = mail if isinstance(mail, bytes) else mail.as_bytes()
    with smtplib.SMTP("127.0.0.1", port, "client.example",
                      timeout=timeout) as client:
        client.ehlo()
        steps = [lambda: client.mail(sender)]
        steps += [lambda a=a: client.rcpt(a if "@" in a else f"{a}@{DOMAIN}")
                  for a in to]
        steps.append(lambda: client.data(data))
        for step in steps:
            try:
                code, text = step()
            except smtplib.SMTPDataError as error:
                code, text = error.smtp_code, error.smtp_error
            if code // 100 != 2:
                return Reply(code, text.decode())
    return Reply(code, text.decode())


def swaks(port, *options, to="lobby", sender=SENDER):
    """One message by swaks; its transcript's last answer to the data."""
    done = subprocess.run(
        ["swaks", "--server", "127.0.0.1", "--port", str(port), "--from",
         sender, "--to", f"{to}@{DOMAIN}", "--helo", "client.example",
         *map(str, options)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=60)
    answers = re.findall(r"^<[-~*]*\s+(\d{3})[ ](.*)$", done.stdout, re.M)
    worst = [a for a in answers if a[0][0] in "45"]
    said = [a for a in answers if "accepted as job" in a[1]]
    code, text = (worst or said or [("0", done.stdout)])[0]
    return Reply(int(code), text)


# --- documents ---------------------------------------------------------------

@dataclass
class Box:
    """A filled rectangle; edges from 0 to 1, from the upper left corner."""
    left: float
    top: float
    right: float
    bottom: float
    colour: tuple = (0, 0, 0)


A4 = (595, 842)


def pdf(pages, size=A4):
    """A PDF; each page is a list of boxes, or so many lines of text."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", None,
               "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for page in pages:
        stream = (_text(page) if isinstance(page, int) else
                  "".join(_box(box, size) for box in page))
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size[0]} {size[1]}]"
            f"/Contents {len(objects)} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>>>>>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    return _assemble(objects)


def _text(n_lines):
    lines = "".join(f"(Line {n}: the quick brown fox jumps over the lazy dog) "
                    f"Tj T*\n" for n in range(n_lines))
    return f"BT /F1 11 Tf 50 790 Td 15 TL\n{lines}ET"


def _box(box, size):
    width, height = size
    red, green, blue = (part / 255 for part in box.colour)
    return (f"{red:.3f} {green:.3f} {blue:.3f} rg "
            f"{box.left * width:.2f} {(1 - box.bottom) * height:.2f} "
            f"{(box.right - box.left) * width:.2f} "
            f"{(box.bottom - box.top) * height:.2f} re f\n")


def _assemble(objects):
    out, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return out + (f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
                  f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n"
                  f"startxref\n{len(out)}\n%%EOF\n").encode()


def picture(kind, boxes, size=(300, 420)):
    """A PNG or JPEG with these boxes on white."""
    image = Image.new("RGB", size, (255, 255, 255))
    for box in boxes:
        image.paste(box.colour, (
            int(box.left * size[0]), int(box.top * size[1]),
            int(box.right * size[0]), int(box.bottom * size[1])))
    out = io.BytesIO()
    image.save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()
