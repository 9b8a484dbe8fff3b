"""C++: types are those of the function itself."""

from __future__ import annotations

from collections.abc import Sequence

from assay.judge.checks import TOKEN

HEADERS = "".join(
    f"#include <{name}>\n"
    for name in ("cstdio", "map", "string", "tuple", "type_traits", "unordered_map", "utility", "vector")
)
_READER = """
namespace calls_@ {
inline long long number() {
    int c = getchar();
    while (c == ' ' || c == '\\n') c = getchar();
    long long value = 0, sign = 1;
    if (c == 'i' || c == 'b' || c == 's' || c == 'l' || c == 'd') c = getchar();
    if (c == '-') {
        sign = -1;
        c = getchar();
    }
    for (; c >= '0' && c <= '9'; c = getchar()) value = 10 * value + (c - '0');
    return sign * value;
}
template <class T, class = void>
struct Value {
    static T read() { return (T)number(); }
    static void show(const T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            fputs(value ? "true" : "false", stdout);
        } else if constexpr (std::is_floating_point_v<T>) {
            printf("%.17g", (double)value);
        } else {
            printf("%lld", (long long)value);
        }
    }
};
template <>
struct Value<std::string> {
    static std::string read() {
        std::string text((std::size_t)number(), ' ');
        for (char& c : text) c = (char)getchar();
        return text;
    }
    static void show(const std::string& text) {
        putchar('"');
        for (unsigned char c : text) {
            if (c == '"' || c == '\\\\') putchar('\\\\');
            if (c < 32 || c > 126) {
                printf("\\\\u%04x", c);
            } else {
                putchar(c);
            }
        }
        putchar('"');
    }
};
template <>
struct Value<char> {
    static char read() { return Value<std::string>::read()[0]; }
    static void show(char value) { Value<std::string>::show(std::string(1, value)); }
};
template <class T>
struct Value<std::vector<T>> {
    static std::vector<T> read() {
        std::vector<T> items;
        for (long long left = number(); left > 0; left--) items.push_back(Value<T>::read());
        return items;
    }
    static void show(const std::vector<T>& items) {
        putchar('[');
        for (std::size_t i = 0; i < items.size(); i++) {
            if (i > 0) putchar(',');
            Value<T>::show(items[i]);
        }
        putchar(']');
    }
};
template <class T>
struct Value<T, std::void_t<typename T::mapped_type>> {
    static T read() {
        T map;
        for (long long left = number(); left > 0; left--) {
            auto key = Value<typename T::key_type>::read();
            map[key] = Value<typename T::mapped_type>::read();
        }
        return map;
    }
    static void show(const T& map) {
        std::map<typename T::key_type, typename T::mapped_type> ordered;
        for (const auto& entry : map) ordered[entry.first] = entry.second;
        bool first = true;
        putchar('{');
        for (const auto& entry : ordered) {
            if (!first) putchar(',');
            first = false;
            Value<typename T::key_type>::show(entry.first);
            putchar(':');
            Value<typename T::mapped_type>::show(entry.second);
        }
        putchar('}');
    }
};
template <class R, class... A>
void make(R (*function)(A...)) {
    for (long long left = number(); left > 0; left--) {
        std::tuple<std::decay_t<A>...> arguments{Value<std::decay_t<A>>::read()...};
        Value<std::decay_t<R>>::show(std::apply(function, arguments));
        putchar('\\n');
    }
}
}  // namespace calls_@
""".replace("@", TOKEN)


def driver(names: Sequence[str]) -> str:
    """Reads and makes the calls of one function after the other. Names may be qualified."""
    made = "".join(f"    calls_{TOKEN}::make(::{name});\n" for name in names)
    return f"{_READER}\nint main() {{\n{made}    return 0;\n}}\n"
