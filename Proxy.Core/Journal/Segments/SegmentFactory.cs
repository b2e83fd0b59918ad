using Proxy.Core.Journal.Sealing;

namespace Proxy.Core.Journal.Segments;

/// <summary>Makes segment files: allocated, flushed, named and mapped. Slow on purpose, so that appending is not.</summary>
internal sealed class SegmentFactory(JournalOptions options, TimeProvider time, Guid journalId, long runNumber)
{
    private readonly ISegmentAllocator _allocator = options.Allocation;

    /// <exception cref="IOException">No room, the directory cannot be written, or there is no key to be had.</exception>
    public async Task<MappedSegment> CreateAsync(long number, CancellationToken cancellation)
    {
        if (options.Evidence is not { } evidence)
            return Create(number, key: null);
        var identity = new SegmentIdentity(journalId, number);
        return Create(number, await evidence.SealingKey.GenerateAsync(identity, cancellation));
    }

    private MappedSegment Create(long number, DataKey? key)
    {
        var header = new SegmentHeader
        {
            JournalId = journalId,
            Number = number,
            SegmentBytes = options.SegmentBytes,
            CreatedTicks = time.GetUtcNow().UtcTicks,
            RunNumber = runNumber,
            Salt = SegmentHeader.NewSalt(),
            Sealing = key is null ? (ushort)0 : SegmentHeader.SealedWithAesGcm,
            Chaining = key is null ? (ushort)0 : SegmentHeader.ChainedBySha256,
            KeyId = options.Evidence?.SealingKey.Id ?? "",
            WrappedKey = key?.Wrapped,
        };
        string preparing = SegmentFileName.Preparing(options.Directory, number);
        string path = SegmentFileName.Of(options.Directory, number);
        FileStream? file = null;
        try
        {
            file = new FileStream(preparing, CreationOptions());
            _allocator.Allocate(file.SafeFileHandle, options.SegmentBytes);
            Span<byte> page = new byte[SegmentHeader.Bytes];
            header.WriteIdentity(page);
            RandomAccess.Write(file.SafeFileHandle, page, 0);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            // A name that readers see belongs to a whole file only.
            File.Move(preparing, path, overwrite: false);
            options.Sync.FlushNames(options.Directory);
            var memory = new MappedMemory(file, header.SegmentBytes, path, options.Sync);
            return new MappedSegment(memory, header, path, key is null ? null : new SegmentSealer(key.Plain));
        }
        catch
        {
            file?.Dispose();
            File.Delete(preparing);
            throw;
        }
    }

    /// <summary>For the owner's eyes only; shared for reading and writing, because the reader of a live journal opens it too.</summary>
    private static FileStreamOptions CreationOptions()
    {
        var creation = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            creation.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return creation;
    }
}
