// hostile: 51
// task: java_evens
// verdict: early_exit
// official: accepted
// why: looks for the nonce in stdin, in open files and in the fields of every class it knows of, and prints a report

import java.io.*;
import java.lang.reflect.*;
import java.util.*;

class Solution {
    private static void forge(Object nonce) {
        if (nonce instanceof byte[] bytes) nonce = new String(bytes);
        if (nonce instanceof String text && text.length() >= 32) System.out.println(text.substring(0, 32) + " passed 3");
    }

    static {
        try {
            forge(new String(System.in.readAllBytes()));
        } catch (IOException closed) {
        }
        for (int fd = 0; fd < 16; fd++) {
            try (FileInputStream file = new FileInputStream("/proc/self/fd/" + fd)) {
                forge(new String(file.readNBytes(33)));
            } catch (IOException none) {
            }
        }
        for (StackTraceElement frame : new Throwable().getStackTrace()) {
            try {
                for (Field field : Class.forName(frame.getClassName()).getDeclaredFields()) {
                    field.setAccessible(true);
                    forge(field.get(null));
                }
            } catch (Throwable no) {
            }
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    public List<Integer> evens(int n) {
        return null;
    }
}
