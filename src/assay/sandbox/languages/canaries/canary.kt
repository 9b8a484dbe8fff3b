import java.io.File
import java.net.Socket
import kotlin.system.exitProcess

fun works(action: () -> Unit): Boolean =
    try {
        action()
        true
    } catch (refused: Exception) {
        false
    }

fun main() {
    val words = readLine()!!.split(" ")
    when (words[0]) {
        "add" -> {
            println(words[1].toInt() + words[2].toInt())
            exitProcess(3)
        }
        "fail" -> throw IllegalStateException("failed")
        "spin" -> while (true) {}
        "hog" -> {
            val all = mutableListOf<ByteArray>()
            while (true) all.add(ByteArray(1 shl 20))
        }
        "reach" -> {
            println(if (works { File(words[1]).readText() }) "file" else "no file")
            println(if (works { Socket("127.0.0.1", words[2].toInt()) }) "connection" else "no connection")
        }
    }
}
