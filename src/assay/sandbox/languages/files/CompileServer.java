// The warm Java compiler of Assay: compiles one program after another and runs none. It is jailed like any program.
//
// On stdin and stdout, frames: a 4-byte size, then files, each as a 4-byte name size, an 8-byte size, name and content.
// A request holds "flags" (javac options, one a line), then the sources. An answer holds "status", "messages", and what
// was compiled.
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

public final class CompileServer {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(System.out);
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        // Kept from one program to the next: it knows the class path's jars, and nothing of any program.
        Map<List<String>, StandardJavaFileManager> managers = new LinkedHashMap<>();
        while (true) {
            int size = in.read();
            if (size < 0) return;
            size = size << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            byte[] request = new byte[size];
            in.readFully(request);
            byte[] answer = compile(unpack(request), managers);
            out.writeInt(answer.length);
            out.write(answer);
            out.flush();
        }
    }

    private static byte[] compile(Map<String, byte[]> files, Map<List<String>, StandardJavaFileManager> managers)
            throws IOException {
        List<String> options = new ArrayList<>();
        for (String flag : new String(files.remove("flags"), StandardCharsets.UTF_8).split("\n")) {
            if (!flag.isEmpty()) options.add(flag);
        }
        StandardJavaFileManager shared =
                managers.computeIfAbsent(
                        options, key -> COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8));
        List<JavaFileObject> sources = new ArrayList<>();
        files.forEach((name, text) -> sources.add(new Source(name, new String(text, StandardCharsets.UTF_8))));
        StringWriter messages = new StringWriter();
        Classes classes = new Classes(shared);
        int status;
        try {
            status = COMPILER.getTask(messages, classes, null, options, null, sources).call() ? 0 : 1;
        } catch (IllegalArgumentException error) {
            messages.write("error: " + error.getMessage() + "\n");
            status = 2;
        } catch (RuntimeException | StackOverflowError error) { // as the command does for programs it cannot bear
            messages.write("error: the compiler failed: " + error + "\n");
            status = 4;
        }
        Map<String, byte[]> answer = new LinkedHashMap<>();
        answer.put("status", Integer.toString(status).getBytes(StandardCharsets.UTF_8));
        answer.put("messages", messages.toString().getBytes(StandardCharsets.UTF_8));
        if (status == 0) classes.made.forEach((name, bytes) -> answer.put(name, bytes.toByteArray()));
        return pack(answer);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String name;
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.name = name;
            this.text = text;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
        final Map<String, ByteArrayOutputStream> made = new LinkedHashMap<>();

        Classes(JavaFileManager shared) {
            super(shared);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            String path = className.replace('.', '/') + kind.extension;
            return new SimpleJavaFileObject(URI.create("string:///" + path), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    made.put(path, bytes);
                    return bytes;
                }
            };
        }
    }

    private static Map<String, byte[]> unpack(byte[] data) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(data));
        while (in.available() > 0) {
            int nameSize = in.readInt();
            long size = in.readLong();
            byte[] name = in.readNBytes(nameSize);
            files.put(new String(name, StandardCharsets.UTF_8), in.readNBytes((int) size));
        }
        return files;
    }

    private static byte[] pack(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            byte[] name = file.getKey().getBytes(StandardCharsets.UTF_8);
            out.writeInt(name.length);
            out.writeLong(file.getValue().length);
            out.write(name);
            out.write(file.getValue());
        }
        return bytes.toByteArray();
    }
}
