class Ledger:
    def __init__(self):
        self._cents = {}

    def deposit(self, name, cents):
        if cents <= 0:
            raise ValueError("the amount must be positive")
        self._cents[name] = self.balance(name) + cents

    def transfer(self, giver, taker, cents):
        if cents <= 0:
            raise ValueError("the amount must be positive")
        if self.balance(giver) < cents:
            raise ValueError("not enough money")
        self._cents[giver] -= cents
        self.deposit(taker, cents)

    def balance(self, name):
        return self._cents.get(name, 0)
