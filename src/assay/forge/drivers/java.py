"""Java: methods are found by their name, types are those of the method."""

from __future__ import annotations

from collections.abc import Sequence

from assay.judge.checks import TOKEN

_DRIVER = """
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public final class Main_@ {
    private static String text;
    private static int at = 0;

    public static void main(String[] args) throws Throwable {
        text = new String(System.in.readAllBytes(), StandardCharsets.ISO_8859_1);
        StringBuilder out = new StringBuilder();
$made        System.out.print(out);
        System.out.flush();
    }

    private static void make(StringBuilder out, Class<?> owner, String name) throws Throwable {
        Method method = null;
        for (Method each : owner.getDeclaredMethods()) if (each.getName().equals(name)) method = each;
        if (method == null) throw new NoSuchMethodException(name);
        method.setAccessible(true);
        Object self = null;
        if (!java.lang.reflect.Modifier.isStatic(method.getModifiers())) {
            var constructor = owner.getDeclaredConstructor();
            constructor.setAccessible(true);
            self = constructor.newInstance();
        }
        for (long left = (Long) read(); left > 0; left--) {
            Object[] given = new Object[method.getParameterCount()];
            for (int i = 0; i < given.length; i++) {
                Object value = read();
                Class<?> of = method.getParameterTypes()[i];
                if (of == int.class || of == Integer.class) value = ((Long) value).intValue();
                given[i] = value;
            }
            show(out, method.invoke(self, given));
            out.append('\\n');
        }
    }

    private static Object read() {
        while (text.charAt(at) == ' ' || text.charAt(at) == '\\n') at++;
        char kind = text.charAt(at++);
        int start = at;
        while (at < text.length() && (text.charAt(at) == '-' || Character.isDigit(text.charAt(at)))) at++;
        long size = Long.parseLong(text.substring(start, at));
        if (kind == 'i') return size;
        if (kind == 'b') return size == 1;
        if (kind == 's') {
            at += (int) size + 1;
            return text.substring(at - (int) size, at);
        }
        if (kind == 'l') {
            List<Object> items = new ArrayList<>();
            for (long i = 0; i < size; i++) items.add(read());
            return items;
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        for (long i = 0; i < size; i++) {
            Object key = read();
            map.put(key, read());
        }
        return map;
    }

    private static void show(StringBuilder out, Object value) {
        if (value instanceof List<?> items) {
            String before = "";
            out.append('[');
            for (Object item : items) {
                out.append(before);
                show(out, item);
                before = ",";
            }
            out.append(']');
        } else if (value instanceof Map<?, ?> map) {
            String before = "";
            out.append('{');
            for (Map.Entry<?, ?> entry : new TreeMap<Object, Object>(map).entrySet()) {
                out.append(before);
                show(out, entry.getKey());
                out.append(':');
                show(out, entry.getValue());
                before = ",";
            }
            out.append('}');
        } else if (value instanceof String || value instanceof Character) {
            out.append('"');
            for (char c : value.toString().toCharArray()) {
                if (c == '"' || c == '\\\\') out.append('\\\\');
                if (c < 32 || c > 126) {
                    out.append(String.format("\\\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
            out.append('"');
        } else {
            out.append(value);
        }
    }
}
""".replace("@", TOKEN).replace("\\\\u%", "\\\\u%")


def driver(owners: Sequence[str], names: Sequence[str]) -> str:
    """Reads and makes the calls of one class's method after the other."""
    made = "".join(f'        make(out, {owner}.class, "{name}");\n' for owner, name in zip(owners, names, strict=True))
    return _DRIVER.replace("$made", made)


MAIN = f"Main_{TOKEN}.java"
