import unittest


class LedgerTest(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger()
        self.ledger.deposit("ann", 500)

    def test_deposits_add_up(self):
        self.ledger.deposit("ann", 250)
        self.assertEqual(self.ledger.balance("ann"), 750)

    def test_an_unknown_account_is_empty(self):
        self.assertEqual(self.ledger.balance("bob"), 0)

    def test_a_transfer_moves_money(self):
        self.ledger.transfer("ann", "bob", 200)
        self.assertEqual((self.ledger.balance("ann"), self.ledger.balance("bob")), (300, 200))

    def test_all_of_it_can_be_moved(self):
        self.ledger.transfer("ann", "bob", 500)
        self.assertEqual(self.ledger.balance("ann"), 0)

    def test_a_transfer_without_cover_changes_nothing(self):
        with self.assertRaises(ValueError):
            self.ledger.transfer("ann", "bob", 501)
        self.assertEqual((self.ledger.balance("ann"), self.ledger.balance("bob")), (500, 0))

    def test_amounts_must_be_positive(self):
        for cents in (0, -1):
            with self.assertRaises(ValueError):
                self.ledger.deposit("ann", cents)
            with self.assertRaises(ValueError):
                self.ledger.transfer("ann", "bob", cents)
