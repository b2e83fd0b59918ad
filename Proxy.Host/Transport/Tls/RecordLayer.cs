using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Authentication;

namespace Proxy.Host.Transport.Tls;

/// <summary>
/// OpenSSL's half of a TLS connection whose handshake SslStream has made: turns records that were received into bytes, and bytes into records. Nothing here waits or
/// makes a system call. OpenSSL's connection is not for two threads, so there is a lock; one reader and one writer may call at the same time.
/// </summary>
internal sealed unsafe class RecordLayer : IDisposable
{
    // A peer may ask for records of 512 bytes (RFC 6066 §4); header, explicit nonce or IV, padding, and MAC or tag are 85 bytes at most (RFC 5246 §6.2.3).
    private const int RecordBytesMin = 512;
    private const int RecordOverheadMax = 96;

    /// <summary>What OpenSSL may want to send while it reads: an alert.</summary>
    private const int AsideBytesMax = 256;

    private static readonly FieldInfo? SecurityContext =
        typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);

    private readonly Lock _gate = new();
    private readonly SafeHandle _handle;
    private readonly nint _ssl;
    private readonly nint _bio;
    private readonly byte[] _aside = new byte[AsideBytesMax];
    private RecordState* _state;
    private int _asideBytes;
    private bool _isOver; // The peer has said close_notify.
    private IOException? _failure;

    private RecordLayer(SafeHandle handle, RecordState* state, nint bio)
    {
        _handle = handle; // Referenced already, once for us.
        _ssl = handle.DangerousGetHandle();
        _state = state;
        _bio = bio;
        LibSsl.SetOptions(_ssl, LibSsl.OptionNoRenegotiation);
        LibSsl.SetBio(_ssl, bio, bio); // Frees SslStream's, whose handles for them know that they do not own them.
    }

    /// <summary>Whether a read would give something, or say how it ended, though nothing more is received.</summary>
    public bool HasNews { get; private set; }

    /// <summary>Null where OpenSSL cannot be called or SslStream is built otherwise. Afterwards that must not be read, written or shut down.</summary>
    public static RecordLayer? TryTakeOver(SslStream tls)
    {
        if (!LibSsl.IsUsable || SecurityContext?.GetValue(tls) is not SafeHandle { IsInvalid: false } handle || handle.GetType().Name != "SafeSslHandle")
            return null;
        var state = (RecordState*)NativeMemory.AllocZeroed((nuint)sizeof(RecordState));
        var bio = RecordBio.Make(state);
        var isReferenced = false;
        if (bio != 0)
            handle.DangerousAddRef(ref isReferenced);
        if (isReferenced)
            return new RecordLayer(handle, state, bio);
        NativeMemory.Free(state);
        return null;
    }

    /// <summary>How much room the records of so many bytes need at most.</summary>
    public static int RecordsMax(int bytes) => bytes + (((bytes / RecordBytesMin) + 2) * RecordOverheadMax) + AsideBytesMax;

    /// <summary>
    /// As many bytes as there is room for; false when what has come is not a whole record yet. True with 0 bytes: the peer has said close_notify.
    /// </summary>
    /// <param name="records">Received; advanced over what OpenSSL has taken, which is all of it unless the room is full or the connection over.</param>
    /// <param name="destination">Not empty.</param>
    /// <param name="count">How many bytes.</param>
    /// <exception cref="IOException">A record was changed, or the peer says that one of ours was.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> records, Span<byte> destination, out int count)
    {
        count = 0;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_state is null, this);
            if (!_isOver && _failure is null && !TryDecrypt(ref records, destination, out count) && !(_isOver = HasSaidGoodbye()))
                _failure = new IOException("A TLS record cannot be read", new AuthenticationException(LibSsl.TakeReason()));
            HasNews |= _isOver || _failure is not null;
        }
        if (count == 0 && _failure is not null)
            throw _failure;
        return count > 0 || _isOver;
    }

    /// <summary>Makes all records of these bytes, behind what OpenSSL wanted to say while it read.</summary>
    /// <param name="bytes">To be sent.</param>
    /// <param name="records">Has room for <see cref="RecordsMax"/>.</param>
    /// <returns>How many bytes of records there are.</returns>
    /// <exception cref="IOException">The connection takes nothing more.</exception>
    public int Write(ReadOnlySpan<byte> bytes, Span<byte> records)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_state is null, this);
            _aside.AsSpan(0, _asideBytes).CopyTo(records);
            fixed (byte* source = bytes, output = records)
            {
                *_state = new RecordState { Output = output + _asideBytes, OutputRoom = records.Length - _asideBytes };
                _asideBytes = 0;
                var written = 0;
                for (var last = 1; last > 0 && written < bytes.Length; written += Math.Max(0, last))
                    last = LibSsl.Write(_ssl, source + written, bytes.Length - written);
                var length = records.Length - _state->OutputRoom;
                *_state = default;
                return written == bytes.Length ? length : throw new IOException("TLS takes nothing more", new AuthenticationException(LibSsl.TakeReason()));
            }
        }
    }

    /// <summary>The last record, close_notify (RFC 8446 §6.1); empty when the connection is over already.</summary>
    public byte[] Conclude()
    {
        lock (_gate)
        {
            if (_state is null || _failure is not null)
                return [];
            fixed (byte* aside = _aside)
            {
                *_state = new RecordState { Output = aside + _asideBytes, OutputRoom = AsideBytesMax - _asideBytes };
                LibSsl.SetQuietShutdown(_ssl, 0); // .NET has it quiet, and makes the alert by itself.
                _ = LibSsl.Shutdown(_ssl);
                LibSsl.SetQuietShutdown(_ssl, 1);
                _asideBytes = AsideBytesMax - _state->OutputRoom;
                *_state = default;
            }
            var last = _aside.AsSpan(0, _asideBytes).ToArray();
            _asideBytes = 0;
            return last;
        }
    }

    /// <summary>OpenSSL's connection lives as long as SslStream or we refer to it; what it finds of ours afterwards is nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_state is null)
                return;
            LibSsl.SetBioData(_bio, 0);
            NativeMemory.Free(_state);
            _state = null;
            _handle.DangerousRelease();
        }
    }

    public override string ToString() => nameof(RecordLayer);

    /// <summary>False when OpenSSL reads no more, for another reason than that there is nothing to read.</summary>
    private bool TryDecrypt(ref ReadOnlySpan<byte> records, Span<byte> destination, out int count)
    {
        count = 0;
        int read;
        fixed (byte* input = records, output = destination, aside = _aside)
        {
            *_state = new RecordState
            {
                Input = input,
                InputBytes = records.Length,
                Output = aside + _asideBytes,
                OutputRoom = AsideBytesMax - _asideBytes,
            };
            do
            {
                read = LibSsl.Read(_ssl, output + count, destination.Length - count);
                count += Math.Max(0, read);
                HasNews = read > 0 && LibSsl.Pending(_ssl) > 0;
            }
            while (read > 0 && count < destination.Length && (_state->InputBytes > 0 || HasNews));
            records = records[^_state->InputBytes..];
            _asideBytes = AsideBytesMax - _state->OutputRoom;
            *_state = default;
        }
        // Not SSL_get_error: it looks at what others have left in this thread's queue of errors.
        return read > 0 || LibSsl.Want(_ssl) == LibSsl.WantsReading;
    }

    /// <summary>A fatal alert sets the same flag; with an empty queue of errors, SSL_get_error tells them apart.</summary>
    private bool HasSaidGoodbye()
    {
        if ((LibSsl.GetShutdown(_ssl) & LibSsl.ReceivedShutdown) == 0)
            return false;
        LibSsl.ClearErrors();
        return LibSsl.GetError(_ssl, 0) == LibSsl.ErrorZeroReturn;
    }
}
