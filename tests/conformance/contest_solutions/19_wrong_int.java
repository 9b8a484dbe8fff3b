// runtime_error
import java.util.*;

class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int t = in.nextInt();
        while (t-- > 0) {
            int a = in.nextInt(), b = in.nextInt(), q = in.nextInt();
            while (q-- > 0) {
                int low = in.nextInt(), high = in.nextInt(), found = 0;
                for (int x = low; x <= high; x++) if (x % a % b != x % b % a) found++;
                System.out.print(found + " ");
            }
            System.out.println();
        }
    }
}
