"""The access service behind auth_request: sessions and rules in SQLite, asked for every request, as such services do."""
import hashlib
import os
import secrets
import sqlite3
import time
from urllib.parse import unquote

from flask import Flask, abort, g, make_response, request

app = Flask(__name__)
DATABASE = os.environ["BENCH_DATABASE"]
SECONDS_OF_SESSION = 86400


def database():
    if "database" not in g:
        g.database = sqlite3.connect(DATABASE)
    return g.database


@app.teardown_appcontext
def close(_error):
    opened = g.pop("database", None)
    if opened is not None:
        opened.close()


def hashed(token):
    return hashlib.sha256(token.encode()).hexdigest()


@app.post("/login")
def login():
    row = database().execute("select password, salt, role from users where name = ?", (request.form["user"],)).fetchone()
    if row is None:
        abort(401)
    given = hashlib.scrypt(request.form["password"].encode(), salt=row[1], n=16384, r=8, p=1)
    if not secrets.compare_digest(given, row[0]):
        abort(401)
    token = secrets.token_urlsafe(32)
    database().execute("insert into sessions values (?, ?, ?)", (hashed(token), row[2], time.time() + SECONDS_OF_SESSION))
    database().commit()
    response = make_response("", 204)
    response.set_cookie("session", token, httponly=True)
    return response


@app.get("/check")
def check():
    path = unquote(request.headers["X-Original-URI"]).removeprefix("/iiif/")
    if path.startswith("open/"):
        return "", 204
    row = database().execute(
        "select role from sessions where token = ? and ends > ?",
        (hashed(request.cookies.get("session", "")), time.time()),
    ).fetchone()
    if row is None:
        abort(401)
    allowed = database().execute("select 1 from rules where ? like pattern and role = ?", (path, row[0])).fetchone()
    return ("", 204) if allowed else ("", 403)


def prepare():
    with sqlite3.connect(DATABASE) as made:
        made.executescript(
            "create table users (name primary key, password, salt, role);"
            "create table sessions (token primary key, role, ends);"
            "create table rules (pattern, role);"
        )
        salt = secrets.token_bytes(16)
        password = os.environ["BENCH_PASSWORD"].encode()
        made.execute("insert into users values ('anna', ?, ?, 'reader')", (hashlib.scrypt(password, salt=salt, n=16384, r=8, p=1), salt))
        made.execute("insert into rules values ('locked/%', 'reader')")


if not os.path.exists(DATABASE):
    prepare()
