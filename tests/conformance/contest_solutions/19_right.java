// accepted, official: wrong_answer
import java.util.*;

public class Yet {
    static long[] upto;

    static long count(long x, int span) {
        return (x + 1) / span * upto[span] + upto[(int) ((x + 1) % span)];
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int t = in.nextInt();
        while (t-- > 0) {
            int a = in.nextInt(), b = in.nextInt(), q = in.nextInt(), span = a * b;
            upto = new long[span + 1];
            for (int x = 0; x < span; x++) upto[x + 1] = upto[x] + (x % a % b != x % b % a ? 1 : 0);
            StringBuilder line = new StringBuilder();
            while (q-- > 0) {
                long low = in.nextLong(), high = in.nextLong();
                line.append(count(high, span) - count(low - 1, span)).append(' ');
            }
            System.out.println(line);
        }
    }
}
