// accepted, official: wrong_answer
import java.util.*;

public class Yet {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt(), total = 0;
        in.nextInt();
        List<TreeSet<Integer>> boxes = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            TreeSet<Integer> box = new TreeSet<>();
            for (int left = in.nextInt(); left > 0; left--) box.add(in.nextInt());
            boxes.add(box);
            total += box.size();
        }
        TreeMap<Integer, List<Integer>> sizes = new TreeMap<>(Collections.reverseOrder());
        for (int i = 0; i < n; i++) {
            int size = boxes.get(i).size();
            if (!sizes.containsKey(size)) sizes.put(size, new ArrayList<>());
            sizes.get(size).add(i);
        }
        List<Integer> order = new ArrayList<>();
        for (List<Integer> same : sizes.values()) order.addAll(same);
        // the largest boxes stay the large ones
        int[] aim = new int[n];
        for (int place = 0; place < n; place++) aim[order.get(place)] = total / n + (place < total % n ? 1 : 0);
        Deque<Integer> takers = new ArrayDeque<>();  // the smallest first
        for (int i : order) if (boxes.get(i).size() < aim[i]) takers.push(i);
        int count = 0;
        StringBuilder moves = new StringBuilder();
        for (int giver : order) {
            while (boxes.get(giver).size() > aim[giver]) {
                int taker = takers.peek();
                if (boxes.get(taker).size() >= aim[taker]) {
                    takers.pop();
                    continue;
                }
                int kind = boxes.get(giver).last();
                while (boxes.get(taker).contains(kind)) kind = boxes.get(giver).lower(kind);
                boxes.get(giver).remove(kind);
                boxes.get(taker).add(kind);
                moves.append(giver + 1).append(' ').append(taker + 1).append(' ').append(kind).append('\n');
                count++;
            }
        }
        System.out.println(count);
        System.out.print(moves);
    }
}
