"""Hash passwords, and say which are too easily guessed. Knows nothing of accounts."""

import re
import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from retrieval.errors import StafwijzerError

SHORTEST = 12
_LONGEST = 256
# Without letters and digits that are taken for each other (0 o, 1 l i). 16 of these 31 make 79 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LETTERS = 4, 4
# What most lists of stolen passwords begin with, in the languages of the users, without what is put behind it.
_COMMONEST = frozenset(
    "password passw0rd wachtwoord welkom welcome qwerty qwertyuiop azerty letmein admin administrator geheim secret "
    "iloveyou monkey dragon football voetbal feyenoord ajax nederland amsterdam rotterdam holland defensie landmacht "
    "marine luchtmacht summer zomer winter lente herfst spring autumn sunshine princess trustno superman changeme "
    "verander stafwijzer login test hallo hello zonnetje lekkerding computer internet qazwsxedc zaqwsx".split()
)
_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
)
_FEWEST_DIFFERENT = 5
_BEHIND = re.compile(r"[\W\d_]+")
# Each takes 64 MiB while it is computed.
_AT_ONCE = 2


class PasswordWeak(StafwijzerError):
    """A password that is too easily guessed, or too long."""

    def __init__(self, reason: str, problem: str, *, hint: str) -> None:
        super().__init__(problem, hint=hint)
        self.reason = reason
        """long, short, name, common or same: for who says it in other words."""


class Passwords:
    """Makes and checks hashes of passwords: Argon2id (RFC 9106), the second set of parameters that it recommends."""

    def __init__(self, *, passes: int = 3, memory_kib: int = 65_536, lanes: int = 4) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._turn = threading.BoundedSemaphore(_AT_ONCE)
        self._nobodys = self.hashed(secrets.token_hex())

    def hashed(self, password: str) -> str:
        with self._turn:
            return self._hasher.hash(_bytes(password))

    def match(self, password: str, hash_: str | None) -> bool:
        """Tell whether a password is the one of a hash. None takes as long, and is never matched."""
        with self._turn:
            try:
                return self._hasher.verify(hash_ or self._nobodys, _bytes(password)) and hash_ is not None
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, hash_: str) -> bool:
        """Tell whether a hash was made with other parameters than these."""
        return self._hasher.check_needs_rehash(hash_)


def new_password() -> str:
    """Return a random password that can be read out and typed."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


def check_password(password: str, *, name: str) -> None:
    """Raise PasswordWeak for what may not be the password of the account of this name."""
    if len(password) > _LONGEST:
        raise PasswordWeak("long", f"The password is longer than {_LONGEST} characters.", hint="Take a shorter one.")
    if len(password) < SHORTEST:
        raise PasswordWeak(
            "short",
            f"The password has {len(password)} characters.",
            hint=f"Take at least {SHORTEST}: a short sentence will do.",
        )
    if name.casefold() in password.casefold():
        raise PasswordWeak("name", "The password holds the name of the account.", hint="Leave the name out of it.")
    if _is_common(password):
        raise PasswordWeak(
            "common", "The password is among the first that are tried.", hint="Take words that do not belong together."
        )


def _is_common(password: str) -> bool:
    folded = password.casefold()
    if (
        folded.isdigit()
        or len(set(folded)) < _FEWEST_DIFFERENT
        or any(folded in run or folded[::-1] in run for run in _RUNS)
    ):
        return True
    words = [word for word in _BEHIND.split(folded) if word]
    return (len(set(words)) == 1 and words[0] in _COMMONEST) or folded in _COMMONEST


def _bytes(password: str) -> bytes:
    # The same password typed on another keyboard may come in another form (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
