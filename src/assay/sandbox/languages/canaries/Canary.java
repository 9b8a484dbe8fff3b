import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

public class Canary {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        switch (in.next()) {
            case "add":
                System.out.println(in.nextInt() + in.nextInt());
                System.exit(3);
            case "fail":
                throw new IllegalStateException("failed");
            case "spin":
                for (long i = 0; ; i++) if (i < 0) break;
            case "hog":
                for (List<byte[]> all = new ArrayList<>(); ; ) all.add(new byte[1 << 20]);
            case "reach":
                try {
                    Files.readAllBytes(Path.of(in.next()));
                    System.out.println("file");
                } catch (Exception refused) {
                    System.out.println("no file");
                }
                try (Socket socket = new Socket("127.0.0.1", in.nextInt())) {
                    System.out.println("connection");
                } catch (Exception refused) {
                    System.out.println("no connection");
                }
        }
    }
}
