# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that are called Word's or Excel's and are something else: each prints as
what it is."""
import subprocess

import mails
import raster

PAGE = "<html><body><table><tr><th>Name</th></tr><tr><td>Anna</td></tr></table>"
ARCHIVE = ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
           '--b\nContent-Type: text/html; charset="utf-8"\n'
           "Content-Transfer-Encoding: quoted-printable\n\n"
           "<html><body><p>An=6Ea</p></body></html>\n--b--\n")
EXCEL_2003 = ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:'
              'office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:'
              'spreadsheet"><Worksheet ss:Name="S"><Table><Row><Cell>'
              '<Data ss:Type="String">Anna</Data></Cell></Row></Table>'
              "</Worksheet></Workbook>")
WORD_2003 = ('<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.'
             'microsoft.com/office/word/2003/wordml"><w:body><w:p><w:r><w:t>Anna'
             "</w:t></w:r></w:p></w:body></w:wordDocument>")
FLAT = ('<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:'
        'opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:'
        'opendocument:xmlns:text:1.0" office:version="1.2" office:mimetype='
        '"application/vnd.oasis.opendocument.text"><office:body><office:text>'
        "<text:p>Anna</text:p></office:text></office:body></office:document>")


def print_one(platend, printer, name, text, kind="application/octet-stream"):
    mail = mails.message("Names", attachments=[(text.encode(), kind, name)])
    job = platend.wait_job(mails.send(platend.smtp, mail).job)
    assert job["state"] == "PRINTED", (name, job, platend.log_tail())
    return printer.documents()[-1][1]


def test_a_web_page_prints_as_one(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)

    def page(*part):
        return list(raster.read(print_one(platend, ippeve, *part))[-1].lines())
    table = page("page.html", PAGE, "text/html")
    assert page("page.xls", PAGE) == page("page.doc", PAGE) == table
    words = page("page.html", "<html><body><p>Anna</p></body></html>", "text/html")
    assert page("a.doc", ARCHIVE) == page("a.mht", ARCHIVE) == words != table


def test_a_document_of_one_xml_file_prints(platend, make_ippeve):
    printer = make_ippeve(formats="application/pdf")
    platend.add_printer("lobby", printer.uri, format="pdf-as-is")
    for name, text in (("old.xls", EXCEL_2003), ("old.doc", WORD_2003),
                       ("flat.fodt", FLAT)):
        printed = subprocess.run(
            ["pdftotext", "-", "-"], check=True, capture_output=True,
            input=print_one(platend, printer, name, text)).stdout
        assert b"Anna" in printed and b"<" not in printed, (name, printed)
